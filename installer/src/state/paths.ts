import { join } from 'node:path';
import { indexFile, installedFolder, lockFile } from '@vp/contracts/registry';

/** Names of what an installed set is made of. */
export function statePaths(projectDir: string) {
  const plugins = join(projectDir, '.vp', 'plugins');
  return {
    toml: join(projectDir, 'vp.toml'),
    lock: join(projectDir, lockFile),
    plugins,
    generations: join(plugins, 'generations'),
    current: join(projectDir, installedFolder),
    /** The journal: what a commit that was cut off has still to do. */
    pending: join(plugins, 'pending.json'),
    /** Held by the one installer at work. */
    busy: join(plugins, 'install.lock'),
  };
}

/** What lies in the folder of a generation beside node_modules. */
export const generationFiles = { index: indexFile, lock: 'vp.lock', plugins: 'plugins.json' } as const;

/** Folders that are being made; what is left of them is swept away by the next install. */
export const stagePrefix = '.stage-';
