/**
 * `npm run quickstart`: makes the quickstart project in `quickstart/`, anew each time, as a user would:
 * with a private registry from which its plugins come. Then runs it.
 */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { installQuickstart } from './lib/quickstart-project.ts';

const root = dirname(import.meta.dirname);
const project = join(root, 'quickstart');

/** The port that `vp registry start` takes, so that its address stays the same; else any. */
const usual = 4873;
const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

await installQuickstart({
  folder: project,
  port: (await isFree(usual)) ? usual : 0,
  say: (line) => console.log(`  ${line}`),
});
console.log(
  '\nThe project is in quickstart/: vp.toml, vp.lock, pipeline.ts, assets/, data/. Running it: vp run\n',
);
const vp = join(root, 'cli', 'bin', 'vp.js');
const { status } = spawnSync(process.execPath, [vp, 'run'], { cwd: project, stdio: 'inherit' });
if (status === 0)
  console.log(
    '\n  First cd quickstart, then npx vp … as above. The registry has stopped; npx vp registry start brings it back.',
  );
process.exitCode = status ?? 1;
