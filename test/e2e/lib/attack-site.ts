import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishPackage } from '@vp/installer';
import { expect } from 'vitest';
import { createInstalledProject } from './installed-project.ts';
import { temporaryFolder, type VpResult } from './vp.ts';

/** A real registry, a project with a plugin of it, and room for more. */
export interface AttackSite {
  /** Of the registry. */
  readonly url: string;
  readonly root: string;
  /** A project with nothing in it, that asks a registry. */
  emptyProject(npmrc: string): string;
  /** A copy of the project in which `@acme/weather` is installed, to do with as one likes. */
  copyOfProject(from?: string): string;
  /** Publishes a plugin with a command, whose body may `print`. */
  publishCommand(
    name: string,
    version: string,
    id: string,
    body: string,
    files?: Readonly<Record<string, string>>,
  ): Promise<void>;
  dispose(): Promise<void>;
}

export async function createAttackSite(): Promise<AttackSite> {
  const [project, folder] = await Promise.all([createInstalledProject(), temporaryFolder()]);
  const { path: root } = folder;
  const { url, adminToken } = project.site;
  let counter = 0;
  return {
    url,
    root,
    emptyProject(npmrc) {
      const cwd = join(root, `project-${counter++}`);
      const settings = `${npmrc}\ncache=${join(root, 'cache')}\n`;
      write(cwd, { 'vp.toml': '[project]\nname = "shop"\n', '.npmrc': settings });
      return cwd;
    },
    copyOfProject(from = project.cwd) {
      const cwd = join(root, `copy-${counter++}`);
      cpSync(from, cwd, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      return cwd;
    },
    async publishCommand(name, version, id, body, files = {}) {
      const directory = join(root, 'packages', name, version);
      const contributes = { commands: [{ id, contract: 'command@1', summary: 'For a test' }] };
      write(directory, {
        'package.json': JSON.stringify({
          name,
          version,
          license: 'MIT',
          type: 'module',
          description: 'For a test',
          engines: { vp: '^1.0.0' },
          vp: { manifestVersion: 1, entry: './plugin.js', contributes },
        }),
        'plugin.js': `import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const require = createRequire(import.meta.url);
const point = { $$type: '@vp/extension-point', version: 'v1', id: 'command', major: 1, contract: 'command@1' };
export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    registrar.contribute(point, '${id}', { create: () => ({ run: async ({ print }) => { ${body} } }) });
  },
};
`,
        ...files,
      });
      await publishPackage({ directory, registry: `${url}/`, token: adminToken, kind: 'any' });
    },
    async dispose() {
      await project.dispose();
      await folder.dispose();
    },
  };
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');
export const lockOf = (cwd: string) => JSON.parse(read(cwd, 'vp.lock'));
export const ok = ({ code, stdout, stderr }: VpResult) => expect(code, stdout + stderr).toBe(0);
