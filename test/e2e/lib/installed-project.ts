import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishPackage } from '@vp/installer';
import { type RegistrySite, startRegistrySite } from '../../services/registry.ts';
import { temporaryFolder, vp } from './vp.ts';

/** A project whose plugin was installed from a registry of its own, with `vp plugins install`. */
export interface InstalledProject {
  readonly cwd: string;
  readonly site: RegistrySite;
  /** Of the installed set: `node_modules/@acme/weather/plugin.js`. */
  path(file: string): string;
  publishWeather(version: string): Promise<void>;
  dispose(): Promise<void>;
}

/** `vp forecast` of `@acme/weather`, which needs `acme-units`. */
export async function createInstalledProject(): Promise<InstalledProject> {
  const folder = await temporaryFolder();
  const site = await startRegistrySite();
  const cwd = join(folder.path, 'shop');
  const publish = async (pack: { readonly name: string; readonly version: string }, files: object) => {
    const directory = join(folder.path, 'packages', pack.name, pack.version);
    const common = { license: 'MIT', type: 'module', description: 'For a test' };
    write(directory, { 'package.json': JSON.stringify({ ...common, ...pack }), ...files });
    await publishPackage({ directory, registry: `${site.url}/`, token: site.adminToken, kind: 'any' });
  };
  const publishWeather = (version: string) =>
    publish(
      { ...weather, version },
      { 'plugin.js': plugin(version), 'lib/words.js': "export const sun = 'sun';\n" },
    );
  await publish({ name: 'acme-units', version: '2.0.0' }, { 'index.js': "export const unit = 'C';\n" });
  await publishWeather('1.0.0');
  const host = new URL(site.url).host;
  write(cwd, {
    'vp.toml': '# The shop.\n[project]\nname = "shop"\n',
    '.npmrc': `registry=${site.url}/\n//${host}/:_authToken=${site.adminToken}\ncache=${join(folder.path, 'cache')}\n`,
  });
  const { code, stdout, stderr } = await vp(['plugins', 'install', '@acme/weather@^1', '--yes'], { cwd });
  if (code !== 0) throw new Error(`vp plugins install: ${stdout}\n${stderr}`);
  return {
    cwd,
    site,
    publishWeather,
    path: (file) => join(cwd, '.vp/plugins/current', file),
    async dispose() {
      await site.close();
      await folder.dispose();
    },
  };
}

function write(folder: string, files: object): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const weather = {
  name: '@acme/weather',
  engines: { vp: '^1.0.0' },
  exports: './plugin.js',
  dependencies: { 'acme-units': '^2.0.0' },
  vp: {
    manifestVersion: 1,
    entry: './plugin.js',
    contributes: { commands: [{ id: 'forecast', contract: 'command@1', summary: 'The weather' }] },
  },
};

const plugin = (version: string) => `import { unit } from 'acme-units';
import { sun } from './lib/words.js';
const point = { $$type: '@vp/extension-point', version: 'v1', id: 'command', major: 1, contract: 'command@1' };
export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    registrar.contribute(point, 'forecast', {
      create: () => ({ run: async ({ print }) => print(sun + ', 21 ' + unit + ', says ${version}') }),
    });
  },
};
`;
