import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startRegistry } from '@vp/registry';
import { publishFirstParty } from './publish-first-party.ts';
import { root } from './repo.ts';

const dataFiles = ['flights-3m.parquet', 'airports.csv', 'seattle-weather.csv', 'movies.json'];

/** Makes the project of `examples/quickstart` anew in `folder`, with the data of the npm package `vega-datasets`. */
function makeQuickstartProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, 'examples', 'quickstart'), folder, { recursive: true });
  mkdirSync(join(folder, 'data'));
  for (const file of dataFiles) {
    copyFileSync(join(root, 'node_modules', 'vega-datasets', 'data', file), join(folder, 'data', file));
  }
}

/**
 * The way of a user with a registry of their own: starts one, publishes this repository's packages to
 * it, and lets the quickstart project install the plugins that its vp.toml names. Afterwards the
 * registry is stopped: what is installed needs it no more.
 *
 * @returns the registry's address
 */
export async function installQuickstart(init: {
  readonly folder: string;
  /** 0 for any that is free. */
  readonly port: number;
  say?(line: string): void;
}): Promise<string> {
  const { folder, port, say = () => {} } = init;
  let began = performance.now();
  const said = (what: string) => {
    say(`${what} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    began = performance.now();
  };
  makeQuickstartProject(folder);
  // Its data stays beside the project: `npx vp registry start` there brings it back.
  await using registry = await startRegistry({ dataDir: join(folder, 'vp-registry'), port });
  const { url, adminToken = '' } = registry;
  said(`a private registry listens at ${url}`);
  const published = await publishFirstParty({ registry: url, token: adminToken });
  said(`${published.length} packages are published to it: checked, signed`);
  writeFileSync(join(folder, '.npmrc'), `@vp:registry=${url}\n`);
  const { changes } = await vp<{ changes: readonly object[] }>(['plugins', 'install', '--yes'], folder);
  said(`${changes.length} plugins of vp.toml are installed: verified, locked in vp.lock`);
  return url;
}

async function vp<T>(args: readonly string[], cwd: string): Promise<T> {
  const bin = join(root, 'cli', 'bin', 'vp.js');
  const child = spawn(process.execPath, [bin, ...args, '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`vp ${args.join(' ')} failed: ${output}`);
  return JSON.parse(output);
}
