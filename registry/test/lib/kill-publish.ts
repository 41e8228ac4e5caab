import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { administer, type RunningRegistry, startRegistry } from '../../src/index.ts';
import { packageTarball, publishBody } from './pack.ts';

const name = '@acme/heavy';
const options = (dataDir: string) => ({ dataDir, port: 0, settings: { max_package_bytes: 8_000_000 } });

/** One publish that was cut off, and what the next start of the registry shows of it. */
export interface Cut {
  readonly listed: boolean;
  /** Everything that should not be: half of a version, or files that nothing refers to. */
  readonly wrong: readonly string[];
}

/**
 * Publishes a package of some megabytes again and again, each time with a new version, and kills the registry at points
 * spread over the time that a publish takes.
 */
export async function killInMidPublish(init: {
  readonly dataDir: string;
  readonly token: string;
  readonly points: number;
}): Promise<readonly Cut[]> {
  const { dataDir, token, points } = init;
  // Random bytes, so that nothing compresses them away.
  const ballast = { 'data.txt': randomBytes(2_000_000).toString('base64') };
  const body = async (patch: number) => {
    const packageJson = { name, version: `1.0.${patch}`, license: 'MIT' };
    return JSON.stringify(publishBody(packageJson, await packageTarball(packageJson, ballast)));
  };
  let registry = await startRegistry(options(dataDir));
  const first = await body(0);
  const started = performance.now();
  await publish(registry, token, first);
  const took = performance.now() - started;
  const cuts: Cut[] = [];
  for (let point = 1; point <= points; point++) {
    const text = await body(point);
    const going = publish(registry, token, text).catch(() => undefined);
    await wait((took * 1.1 * point) / points);
    process.kill(registry.pid, 'SIGKILL');
    await Promise.all([going, registry.ended]);
    registry = await startRegistry(options(dataDir));
    cuts.push(await inspect(registry, dataDir, `1.0.${point}`));
    // What was cut off can be published now, what was not cannot.
    const { status } = await publish(registry, token, text);
    const { listed, wrong } = cuts.at(-1) ?? { listed: false, wrong: [] };
    if (status !== (listed ? 403 : 201))
      cuts.push({ listed, wrong: [...wrong, `publishing again gave ${status}`] });
  }
  await registry.stop();
  return cuts;
}

async function publish(
  registry: RunningRegistry,
  token: string,
  body: string,
): Promise<{ readonly status: number }> {
  const response = await fetch(new URL('@acme%2fheavy', registry.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  });
  await response.text();
  return { status: response.status };
}

async function inspect(registry: RunningRegistry, dataDir: string, version: string): Promise<Cut> {
  const response = await fetch(new URL('@acme%2fheavy', registry.url));
  const document = (await response.json()) as { readonly versions: Readonly<Record<string, unknown>> };
  const listed = Object.hasOwn(document.versions, version);
  const tarball = await fetch(new URL(`${name}/-/heavy-${version}.tgz`, registry.url));
  await tarball.arrayBuffer();
  const search = await fetch(new URL('-/vp/v1/status', registry.url));
  const { versions } = (await search.json()) as { readonly versions: number };
  const files = await readdir(join(dataDir, 'packages', name));
  const known = new Set([
    'package.json',
    ...Object.keys(document.versions).map((each) => `heavy-${each}.tgz`),
  ]);
  const { damaged = [] } = await administer({ dataDir }, 'status', { verify: true });
  return {
    listed,
    wrong: [
      ...damaged.map(({ what, problem }) => `${what}: ${problem}`),
      ...files.filter((each) => !known.has(each)).map((each) => `left over: ${each}`),
      ...(tarball.ok === listed ? [] : [`tarball ${tarball.status}, listed ${listed}`]),
      ...(versions === Object.keys(document.versions).length ? [] : ['status counts other versions']),
    ],
  };
}
