import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRegistry, type StartInit, startRegistry } from '../../src/start.ts';
import type { PackageDocument } from '../../src/store/document.ts';
import { packageTarball, publishBody } from './pack.ts';

export async function temporaryFolder(): Promise<{ readonly path: string; dispose(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'vp-registry-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}

/** An answer's JSON: an error, a document, or what a route says. A text is in `text`. */
interface Body {
  readonly code?: string;
  readonly error?: string;
  readonly text?: string;
  readonly token?: string;
  readonly notes?: readonly string[];
  readonly versions?: PackageDocument['versions'];
  readonly 'dist-tags'?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** A registry on a folder of its own, and how tests talk to it. */
export interface TestRegistry extends AsyncDisposable {
  readonly running: RunningRegistry;
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  /** A folder that is gone when the test is over. */
  readonly folder: string;
  call(
    method: string,
    path: string,
    init?: { readonly body?: unknown; readonly token?: string | null },
  ): Promise<Answer>;
  /** Publishes as npm does, by hand, so that each part can be wrong. */
  publish(
    packageJson: { readonly name: string; readonly version: string },
    init?: {
      readonly files?: Readonly<Record<string, string>>;
      readonly bytes?: Buffer;
      readonly tag?: string;
      readonly dist?: object;
      readonly metadata?: object;
    },
  ): Promise<Answer>;
  /** The versions that anybody sees. */
  versions(name: string): Promise<readonly string[]>;
}

export async function testRegistry(init: Omit<StartInit, 'dataDir' | 'port'> = {}): Promise<TestRegistry> {
  const { path: folder, dispose } = await temporaryFolder();
  const dataDir = join(folder, 'data');
  const running = await startRegistry({ ...init, dataDir, port: 0 });
  const { url } = running;
  const admin = running.adminToken ?? '';
  const call: TestRegistry['call'] = async (method, path, { body, token = admin } = {}) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : { text } };
  };
  return {
    running,
    url,
    token: admin,
    dataDir,
    folder,
    call,
    async publish(packageJson, { files, bytes, ...options } = {}) {
      const packed = bytes ?? (await packageTarball(packageJson, files));
      const path = packageJson.name.replace('/', '%2f');
      return call('PUT', path, { body: publishBody(packageJson, packed, options) });
    },
    async versions(name) {
      const { status, body } = await call('GET', name.replace('/', '%2f'));
      return status === 404 ? [] : Object.keys(body.versions ?? {});
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      await dispose();
    },
  };
}
