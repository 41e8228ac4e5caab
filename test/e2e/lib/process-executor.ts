import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Installs a stranger's executor in a project, which runs every step by `vp worker step`. */
export function useProcessExecutor(
  project: string,
  config: Readonly<Record<string, string | number>> = {},
): void {
  const modules = join(project, 'node_modules');
  cpSync(join(root, 'test/e2e/fixtures/process-executor'), join(modules, 'process-executor'), {
    recursive: true,
  });
  const sdk = join(modules, '@vp/plugin-sdk');
  if (!existsSync(sdk)) symlinkSync(join(root, 'plugin-sdk'), sdk);
  const toml = join(project, 'vp.toml');
  const settings = Object.entries(config).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const lines = [
    '[plugins.process-executor]',
    'version = "^0.3.0"',
    'grants = "all"',
    '[bindings]',
    'executor = "processes"',
    '[executor.processes]',
    ...settings,
  ];
  writeFileSync(toml, `${readFileSync(toml, 'utf8')}\n${lines.join('\n')}\n`);
}
