/**
 * `npm run quickstart`: makes the project of `examples/quickstart` in `quickstart/`, anew each time,
 * with the data files of the npm package `vega-datasets`, and runs it.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const project = join(root, 'quickstart');
const dataFiles = ['flights-3m.parquet', 'airports.csv', 'seattle-weather.csv', 'movies.json'];

rmSync(project, { recursive: true, force: true });
cpSync(join(root, 'examples', 'quickstart'), project, { recursive: true });
mkdirSync(join(project, 'data'));
for (const file of dataFiles) {
  copyFileSync(join(root, 'node_modules', 'vega-datasets', 'data', file), join(project, 'data', file));
}

console.log('The project is in quickstart/: vp.toml, pipeline.ts, assets/, data/. Running it: vp run\n');
const vp = join(root, 'cli', 'bin', 'vp.js');
for (const args of [['types', 'sync'], ['run']]) {
  const { status } = spawnSync(process.execPath, [vp, ...args], { cwd: project, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
console.log('\nTry these in the project: cd quickstart, and npx in front.');
