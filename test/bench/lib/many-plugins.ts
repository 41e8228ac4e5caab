import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  formatLock,
  installedFolder,
  jsonHash,
  type Lock,
  lockDigest,
  lockFile,
} from '@vp/contracts/registry';
import { type PackageTree, scanPackage, writeIndex } from '@vp/kernel';

const pluginName = (index: number): string => `plugin-${index}`;

/** The package.json of a plugin, as large as a real one. */
const manifest = (name: string) => ({
  name,
  version: '1.2.3',
  description: 'A plugin as large as a real one',
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=24', vp: '^1.0.0' },
  peerDependencies: { '@vp/plugin-sdk': '^1.0.0' },
  vp: {
    manifestVersion: 1,
    entry: './plugin.js',
    contributes: {
      sources: [
        {
          id: name,
          contract: 'source@1',
          formats: ['arrow', 'csv', 'rows'],
          capabilities: ['discover', 'incremental'],
          config: { type: 'object', properties: { host: { type: 'string' }, port: { type: 'integer' } } },
        },
      ],
      sinks: [{ id: name, contract: 'sink@1', formats: ['csv', 'rows'], config: './config.schema.json' }],
    },
    requires: { services: ['vp.secrets@1', 'vp.logger@1'] },
    permissions: { network: ['*:5432'], secrets: ['config.password'] },
  },
});

/** Where a package's files lie: as tsc and npm lay them out. */
const folders = ['', 'dist/', 'dist/source/', 'dist/sink/', 'docs/'];

function writePackage(directory: string, pack: object, files: number): void {
  const all = new Map([
    ['package.json', JSON.stringify(pack, null, 2)],
    // Nobody may load it.
    ['plugin.js', 'throw new Error("a plugin was imported");'],
  ]);
  for (let i = all.size; i < files; i++) {
    all.set(`${folders[i % folders.length]}file-${i}.js`, `// ${i}\n${'export {};\n'.repeat(200)}`);
  }
  for (const [path, text] of all) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** Plugins of two files each in the project's node_modules: nobody vouches for them. */
export function writeLoosePlugins(projectDir: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const name = pluginName(i);
    writePackage(join(projectDir, 'node_modules', name), manifest(name), 2);
  }
}

/** Plugins that vp.lock lists, of 15 files each, over packages of 20 files that each may load a tenth of. */
export function writeLockedPlugins(projectDir: string, count: number, dependencies: number): void {
  const generation = join(projectDir, '.vp/plugins/generations/1');
  const packages: Record<string, PackageTree & { closure: string[] }> = {};
  const lock: Lock = { lockVersion: 1, registries: {}, plugins: {}, packages: {} };
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const closure = Array.from({ length: dependencies / 10 }, (_, i) => `node_modules/dependency-${i * 10}`);
  const add = (name: string, pack: object, files: number, mayLoad: string[]): string => {
    const place = `node_modules/${name}`;
    writePackage(join(generation, place), pack, files);
    const { strange: _, ...tree } = scanPackage(join(generation, place));
    packages[place] = { ...tree, closure: mayLoad };
    const resolved = `https://npm.acme.dev/${name}/-/${name}-1.2.3.tgz`;
    lock.packages[place] = { version: '1.2.3', resolved, integrity, license: 'MIT', tree: tree.tree };
    return tree.tree;
  };
  for (let i = 0; i < dependencies; i++) {
    const name = `dependency-${i}`;
    add(name, { name, version: '1.2.3' }, 20, []);
  }
  for (let i = 0; i < count; i++) {
    const pack = manifest(pluginName(i));
    lock.plugins[pack.name] = {
      package: pack.name,
      version: '1.2.3',
      registry: 'https://npm.acme.dev/',
      integrity,
      tree: add(pack.name, pack, 15, closure),
      manifest: jsonHash(pack.vp),
      contracts: ['sink@1', 'source@1'],
      grants: 'all',
      signature: { keyid: `SHA256:${'A'.repeat(43)}`, sig: 'A'.repeat(96) },
      published: '2026-11-01T00:00:00.000Z',
    };
  }
  writeIndex(generation, { indexVersion: 1, lock: lockDigest(lock), packages });
  writeFileSync(join(projectDir, lockFile), formatLock(lock));
  symlinkSync(generation, join(projectDir, installedFolder));
}
