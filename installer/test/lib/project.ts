import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanPackage } from '@vp/kernel';
import { type InstallRequest, installPlugins } from '../../src/install/install.ts';
import { type NpmOptions, npmOptions } from '../../src/npm/options.ts';
import { registrySource } from '../../src/source/registry-source.ts';

/** A project in a folder of its own, with a cache of its own. */
export interface TestProject extends Disposable {
  readonly dir: string;
  options(registry: string): Promise<NpmOptions>;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Installs from a registry, everything agreed to. */
  install(
    registry: string,
    specs: readonly string[],
    more?: Partial<InstallRequest>,
  ): ReturnType<typeof installPlugins>;
  /** Everything that counts as the installed set: texts, and the hash of every package. */
  state(): unknown;
}

export function testProject(toml = '[project]\nname = "x"\n'): TestProject {
  const dir = mkdtempSync(join(tmpdir(), 'vp-install-'));
  mkdirSync(join(dir, 'home'));
  writeFileSync(join(dir, 'vp.toml'), toml);
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  const options = async (registry: string) => ({
    ...(await npmOptions({ projectDir: dir, registry })),
    cache: join(dir, 'home', 'cache'),
  });
  return {
    dir,
    read,
    options,
    write: (file, text) => writeFileSync(join(dir, file), text),
    install: async (registry, specs, more = {}) =>
      installPlugins({
        projectDir: dir,
        specs,
        source: registrySource({ options: await options(registry) }),
        grant: 'all',
        ...more,
      }),
    state: () => ({
      toml: read('vp.toml'),
      lock: tryRead(join(dir, 'vp.lock')),
      packages: trees(join(dir, '.vp/plugins/current')),
      stages: namesIn(join(dir, '.vp/plugins/generations')).filter((name) => name.startsWith('.')),
    }),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function trees(generation: string): Readonly<Record<string, string>> {
  const index = tryRead(join(generation, 'vp-index.json'));
  if (index === undefined) return {};
  const places = Object.keys(JSON.parse(index).packages);
  return Object.fromEntries(places.map((place) => [place, scanPackage(join(generation, place)).tree]));
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
