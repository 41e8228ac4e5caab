import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PluginEntry, type PluginHostInit, Plugins } from '../../src/plugins/index.ts';
import { Services } from '../../src/services/index.ts';

const zoo = join(import.meta.dirname, '../zoo');

/** A project folder whose node_modules holds plugins. Removed by `[Symbol.dispose]`. */
export function createDeployment() {
  const projectDir = mkdtempSync(join(tmpdir(), 'vp-kernel-'));
  const modules = join(projectDir, 'node_modules');
  mkdirSync(modules);
  return {
    projectDir,
    /** Installs cases of the zoo, under their package names. */
    installZoo(...cases: readonly string[]): readonly PluginEntry[] {
      return cases.map((name) => {
        symlinkSync(join(zoo, name), join(modules, `zoo-${name}`), 'dir');
        return { name: `zoo-${name}` };
      });
    },
    /** Installs a plugin that is written here. */
    install(init: {
      readonly name: string;
      readonly version?: string;
      readonly vp: object;
      readonly js?: string;
      readonly folder?: string;
      readonly files?: Readonly<Record<string, string>>;
    }): PluginEntry {
      const { name, version = '1.0.0', vp, js = `${plugin}{}\n};`, folder = name } = init;
      const engines = { vp: '^1.0.0' };
      const manifest = { manifestVersion: 1, entry: './plugin.js', ...vp };
      const files = {
        'package.json': JSON.stringify({ name, version, type: 'module', engines, vp: manifest }),
        'plugin.js': js,
        ...init.files,
      };
      for (const [path, text] of Object.entries(files)) {
        const file = join(modules, folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      return { name };
    },
    host(
      plugins: readonly PluginEntry[],
      more: Partial<PluginHostInit> = {},
    ): { readonly host: Plugins; readonly events: readonly unknown[] } {
      const events: unknown[] = [];
      const host = new Plugins({
        projectDir,
        plugins,
        services: new Services(),
        versions: { vp: '1.0.0', node: process.versions.node },
        permissions: () => undefined,
        configure: () => ({}),
        binding: () => undefined,
        publish: (event) => events.push(event),
        timeouts: { load: 300, activate: 100, create: 300, stop: 100 },
        ...more,
      });
      return { host, events };
    },
    [Symbol.dispose]: () => rmSync(projectDir, { recursive: true }),
  };
}

const plugin = "export default { $$type: '@vp/plugin', version: 'v1', register() ";

/** Source of a plugin whose `register` and `activate` have these bodies; `point`, `service`, `hook` name things. */
export function pluginSource(init: {
  readonly register?: string;
  readonly activate?: string;
  readonly deps?: string;
}): string {
  const { register = '', activate = '', deps = '{}' } = init;
  return `
    const point = (id) => ({ $$type: '@vp/extension-point', version: 'v1', id, major: 1, contract: id + '@1' });
    const service = (id, scope = 'root', isOptional = false) => ({ $$type: '@vp/service-ref', version: 'v1', id,
      major: 1, scope, isOptional, key: id + '@1', token: Symbol.for('vp:service/' + id + '@1'),
      optional: () => service(id, scope, true) });
    const hook = (id, kind) => ({ $$type: '@vp/hook-ref', version: 'v1', id, major: 1, kind, key: id + '@1' });
    const log = (globalThis.zooLog ??= []);
    export default {
      $$type: '@vp/plugin', version: 'v1', deps: ${deps},
      register(registrar) { ${register} },
      async activate({ deps, signal, onStop }) { ${activate} },
    };
  `;
}
