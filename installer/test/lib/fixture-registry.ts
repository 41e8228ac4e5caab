import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { jsonHash, keyId, type RegistryKey, signedMessage, treeHash } from '@vp/contracts/registry';
import { pack } from 'tar-stream';

/** A package as a test publishes it. */
export interface FixturePackage {
  readonly name: string;
  readonly version: string;
  readonly vp?: Record<string, unknown>;
  readonly files?: Readonly<Record<string, string>>;
  /** Further fields of package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Instead of what is right in the version's document. */
  readonly document?: Readonly<Record<string, unknown>>;
  readonly dist?: Readonly<Record<string, unknown>>;
  /** Entries of the tarball that no packer would make. */
  readonly entries?: readonly {
    readonly name: string;
    readonly type?: 'symlink' | 'link';
    readonly linkname?: string;
  }[];
  /** Of the tarball that is served, once its hash was taken. */
  readonly tamper?: (bytes: Buffer) => Buffer;
  readonly published?: string;
  readonly unsigned?: boolean;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A registry in this process, which signs, and lies where a test wants it to. */
export interface FixtureRegistry extends AsyncDisposable {
  readonly url: string;
  readonly keys: RegistryKey[];
  publish(pack: FixturePackage): Promise<void>;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Answers before the registry does; `true` when it did. */
  answer: Answer | undefined;
}

/** The manifest of a plugin with one source. */
export const sourcePlugin = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  manifestVersion: 1,
  entry: './plugin.js',
  contributes: { sources: [{ id, contract: 'source@1', formats: ['rows'] }] },
  ...more,
});

export async function startFixtureRegistry(): Promise<FixtureRegistry> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const scheme = 'ecdsa-sha2-nistp256';
  const keys: RegistryKey[] = [{ keyid: keyId(key), keytype: scheme, scheme, key, expires: null }];
  const documents = new Map<string, { versions: Record<string, object>; time: Record<string, string> }>();
  const tarballs = new Map<string, Buffer>();
  const asked: string[] = [];
  const registry: { answer: Answer | undefined } = { answer: undefined };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    if (registry.answer?.(request, response) === true) return;
    const tarball = tarballs.get(path);
    if (tarball !== undefined) response.end(tarball);
    else if (path === '/-/npm/v1/keys') json(response, { keys });
    else if (path === '/-/vp/v1/status') json(response, { version: '1.0.0' });
    else if (documents.has(path.slice(1))) json(response, document(path.slice(1)));
    else {
      response.statusCode = 404;
      json(response, { error: 'not found' });
    }
  });
  const document = (name: string) => {
    const { versions = {}, time = {} } = documents.get(name) ?? {};
    const latest = Object.keys(versions).at(-1) ?? '';
    return { name, 'dist-tags': { latest }, versions, time };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  async function publish(given: FixturePackage): Promise<void> {
    const { name, version, vp } = given;
    const base = name.slice(name.indexOf('/') + 1);
    const manifest = {
      name,
      version,
      type: 'module',
      license: 'MIT',
      ...(vp === undefined ? {} : { engines: { vp: '^1.0.0' }, vp }),
      ...given.manifest,
    };
    const files: Record<string, string> = {
      'package.json': JSON.stringify(manifest, undefined, 2),
      ...(vp === undefined
        ? {}
        : { 'plugin.js': `export default { $$type: '@vp/plugin', version: 'v1', register() {} };\n` }),
      ...given.files,
    };
    const bytes = await tarballOf(files, given.entries ?? []);
    const integrity = `sha512-${hash('sha512', bytes, 'base64')}`;
    const path = `${name}/-/${base}-${version}.tgz`;
    tarballs.set(`/${path}`, given.tamper?.(bytes) ?? bytes);
    const message = signedMessage({ name, version, integrity });
    const sig = sign('sha256', Buffer.from(message), privateKey).toString('base64');
    const entries = Object.entries(files).map(([file, text]) => ({
      path: file,
      sha256: hash('sha256', text),
    }));
    const facts = { tree: treeHash(entries), manifest: jsonHash(Object(vp)) };
    const found = documents.get(name) ?? { versions: {}, time: {} };
    found.versions[version] = {
      ...manifest,
      ...(vp === undefined ? {} : { vpRegistry: facts }),
      ...given.document,
      dist: {
        tarball: `${url}${path}`,
        integrity,
        shasum: hash('sha1', bytes),
        unpackedSize: Object.values(files).join('').length,
        ...(given.unsigned === true ? {} : { signatures: [{ keyid: keyId(key), sig }] }),
        ...given.dist,
      },
    };
    found.time[version] = given.published ?? '2026-01-01T00:00:00.000Z';
    documents.set(name, found);
  }

  return {
    url,
    keys,
    asked,
    publish,
    get answer() {
      return registry.answer;
    },
    set answer(answer) {
      registry.answer = answer;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

async function tarballOf(
  files: Readonly<Record<string, string>>,
  entries: NonNullable<FixturePackage['entries']>,
): Promise<Buffer> {
  const archive = pack();
  for (const [path, text] of Object.entries(files)) archive.entry({ name: `package/${path}` }, text);
  for (const { name, type, linkname } of entries) {
    if (type === undefined) archive.entry({ name }, 'evil');
    else archive.entry({ name, type, linkname: linkname ?? '/etc/passwd' });
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}
