import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Isolate } from '@vp/contracts';
import {
  formatLock,
  installedFolder,
  jsonHash,
  type KillLists,
  type Lock,
  lockDigest,
  lockFile,
} from '@vp/contracts/registry';
import {
  configLayers,
  createKernel,
  type Kernel,
  resolveConfig,
  scanPackage,
  writeIndex,
} from '../../src/index.ts';

const zoo = join(import.meta.dirname, '../zoo');

export const registry = 'https://npm.acme.dev/';

export interface Dependency {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A project with plugins of the zoo installed by a lock. Removed by `[Symbol.dispose]`. */
export function createInstalled(init: {
  readonly zoo: readonly string[];
  /** By place: `node_modules/dep`. */
  readonly packages?: Readonly<Record<string, Dependency>>;
  /** Places that each plugin of the zoo may load. */
  readonly closure?: readonly string[];
  /** Of each plugin, in the lock. */
  readonly grants?: 'all';
  readonly alter?: (lock: Lock) => Lock;
}) {
  const projectDir = realpathSync(mkdtempSync(join(tmpdir(), 'vp-installed-')));
  const generation = join(projectDir, '.vp/plugins/generations/1');
  for (const name of init.zoo) {
    cpSync(join(zoo, name), join(generation, 'node_modules', `zoo-${name}`), { recursive: true });
  }
  for (const [place, { version, files }] of Object.entries(init.packages ?? {})) {
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const all = { 'package.json': JSON.stringify({ name, version, type: 'module' }), ...files };
    for (const [file, text] of Object.entries(all)) put(join(generation, place, file), text);
  }
  const plugins = init.zoo.map((name) => {
    const place = `node_modules/zoo-${name}`;
    const { strange: _, ...tree } = scanPackage(join(generation, place));
    const pack = JSON.parse(readFileSync(join(generation, place, 'package.json'), 'utf8'));
    return { name: `zoo-${name}`, place, tree: { ...tree, closure: [...(init.closure ?? [])] }, pack };
  });
  const dependencies = Object.entries(init.packages ?? {}).map(([place, { version }]) => {
    const { strange: _, ...tree } = scanPackage(join(generation, place));
    return { place, version, tree: { ...tree, closure: [] } };
  });
  const plain: Lock = {
    lockVersion: 1,
    registries: { [registry]: { keys: [] } },
    plugins: Object.fromEntries(
      plugins.map(({ name, tree, pack }) => [
        name,
        {
          package: name,
          version: pack.version,
          registry,
          integrity: 'sha512-AAAA',
          tree: tree.tree,
          manifest: jsonHash(pack.vp),
          contracts: ['alerter@1'],
          ...(init.grants === undefined ? {} : { grants: init.grants }),
          signature: { keyid: 'SHA256:key', sig: 'AAAA' },
        },
      ]),
    ),
    packages: Object.fromEntries(
      [
        ...plugins.map(({ place, pack, tree }) => ({ place, version: pack.version, tree })),
        ...dependencies,
      ].map(({ place, version, tree }) => [
        place,
        { version, integrity: 'sha512-AAAA', tree: tree.tree, resolved: `${registry}${place}.tgz` },
      ]),
    ),
  };
  const lock = init.alter?.(plain) ?? plain;
  writeIndex(generation, {
    indexVersion: 1,
    lock: lockDigest(lock),
    packages: Object.fromEntries([...plugins, ...dependencies].map(({ place, tree }) => [place, tree])),
  });
  symlinkSync(generation, join(projectDir, installedFolder));
  writeFileSync(join(projectDir, lockFile), formatLock(lock));
  const names = plugins.map(({ name }) => name);
  return {
    projectDir,
    generation,
    lock,
    /** Of a path in the generation, or in the project when it starts with `./`. */
    path: (file: string) => join(file.startsWith('./') ? projectDir : generation, file),
    removeLock: () => rmSync(join(projectDir, lockFile)),
    put: (file: string, text: string) => put(join(generation, file), text),
    boot(
      more: {
        /** Of vp.toml; the installed ones when left out. */
        readonly plugins?: Readonly<Record<string, unknown>>;
        readonly policy?: Readonly<Record<string, unknown>>;
        readonly set?: readonly string[];
        readonly killLists?: () => Promise<KillLists | undefined>;
        readonly isolate?: () => Promise<Isolate>;
        readonly more?: Readonly<Record<string, unknown>>;
      } = {},
    ): Promise<Kernel> {
      const asked = more.plugins ?? Object.fromEntries(names.map((name) => [name, '^1.0.0']));
      const { policy = {} } = more;
      const values = { project: { name: 'zoo' }, plugins: asked, policy, ...more.more };
      const layers = configLayers({
        file: { values, where: () => ({ text: 'vp.toml' }) },
        set: more.set ?? [],
      });
      return createKernel({
        projectDir,
        config: resolveConfig({ layers }),
        ...(more.killLists === undefined ? {} : { killLists: more.killLists }),
        ...(more.isolate === undefined ? {} : { isolate: more.isolate }),
      });
    },
    [Symbol.dispose]: () => rmSync(projectDir, { recursive: true, force: true }),
  };
}

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
