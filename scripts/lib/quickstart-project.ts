import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));
const dataFiles = ['flights-3m.parquet', 'airports.csv', 'seattle-weather.csv', 'movies.json'];

/** Makes the project of `examples/quickstart` anew in `folder`, with the data of the npm package `vega-datasets`. */
export function makeQuickstartProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, 'examples', 'quickstart'), folder, { recursive: true });
  mkdirSync(join(folder, 'data'));
  for (const file of dataFiles) {
    copyFileSync(join(root, 'node_modules', 'vega-datasets', 'data', file), join(folder, 'data', file));
  }
}
