import { existsSync } from 'node:fs';
import { removeOrphans } from './lib/orphans.ts';
import { workspaces } from './lib/repo.ts';
import { run } from './lib/run.ts';

// A deleted source would live on in dist, pass the tests and be published.
for (const { dir } of workspaces()) removeOrphans(dir);

const steps = [['tsc', ['-b']]] as [string, string[]][];
if (existsSync('cli/scripts/build.js')) steps.push(['node', ['cli/scripts/build.js']]);

for (const [command, args] of steps) {
  const { code, output } = await run(command, args);
  if (output) process.stdout.write(output);
  if (code !== 0) process.exit(code);
}
