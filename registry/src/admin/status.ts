import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import type { RegistryState } from '../state.ts';
import { errorCode } from '../store/durable.ts';
import { verifyStore } from '../store/verify.ts';
import { registryVersion } from '../version.ts';

/** What everybody may know: `GET /-/vp/v1/status`. */
export function publicStatus({ config, catalogue, keyring, killList }: RegistryState) {
  const packages = catalogue.packages();
  const versions = packages.flatMap((each) => each.versions);
  return {
    version: registryVersion(),
    packages: packages.length,
    plugins: packages.filter((each) => each.versions.some(({ manifest }) => manifest !== undefined)).length,
    versions: versions.length,
    yanked: killList.current().entries.length,
    access: config.access,
    privateScopes: config.private_scopes,
    key: keyring.keys()[0]?.keyid ?? '',
    killListSerial: killList.current().serial,
    uptimeSeconds: Math.round(process.uptime()),
  };
}

/** With what is for administrators only. */
export async function statusOf(state: RegistryState, options: { readonly verify: boolean }) {
  const { config, layout, users, keyring } = state;
  return {
    ...publicStatus(state),
    data: layout.root,
    /** `null`: nothing serves the folder. */
    url: state.serving.url ?? null,
    disk: { packages: await bytesOf(layout.packages), cache: await bytesOf(layout.cache) },
    keys: keyring.keys().length,
    users: users.list(),
    tokens: users.tokens().length,
    upstream: config.upstream === undefined ? null : await reach(config.upstream.url),
    ...(options.verify ? { damaged: await verifyStore(state) } : {}),
  };
}

async function reach(url: string) {
  try {
    const response = await fetch(new URL('-/ping', url.endsWith('/') ? url : `${url}/`), {
      signal: AbortSignal.timeout(3_000),
    });
    await response.body?.cancel();
    return { url, reachable: response.status < 500 };
  } catch (error) {
    return { url, reachable: false, reason: describeThrown(error) };
  }
}

/** Of all files beneath a folder. */
async function bytesOf(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(whenMissing)) {
    if (!entry.isFile()) continue;
    // A file may go while they are counted.
    total += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return total;
}

function whenMissing(error: unknown): [] {
  if (errorCode(error) === 'ENOENT') return [];
  throw error;
}
