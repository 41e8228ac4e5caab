import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type PublishResult, publishPackage } from '@vp/installer';
import { root, workspaces } from './repo.ts';

/**
 * Publishes this repository's packages, as they are built, into a registry: what a project installs
 * (`vibepiper`, the plugins) and what those need. Reports get the digest of the files that go out: the
 * tests hold the committed ones against the kits.
 */
export async function publishFirstParty(init: {
  readonly registry: string;
  readonly token: string;
  /** Only these packages; all when left out. */
  readonly only?: readonly string[];
}): Promise<readonly PublishResult[]> {
  const { registry, token, only } = init;
  const queue = workspaces().filter(
    ({ manifest }) => !manifest.private && (only === undefined || only.includes(manifest.name)),
  );
  const results: PublishResult[] = [];
  const worker = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const directory = join(root, next.dir);
      results.push(await publishPackage({ directory, registry, token, kind: 'any', report: 'stamp' }));
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
  return results.sort((a, b) => (a.name < b.name ? -1 : 1));
}
