import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Measurement, resultMark, table, within } from './lib/bench.ts';
import { root } from './lib/repo.ts';
import { run } from './lib/run.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});

const nameOf = (file: string) => basename(file, '.bench.ts');
const found = globSync('test/bench/**/*.bench.ts', { cwd: root }).sort();
const unknown = values.only?.filter((name) => !found.some((file) => nameOf(file) === name)) ?? [];
const files = found.filter((file) => !values.only || values.only.includes(nameOf(file)));
if (unknown.length > 0 || files.length === 0) {
  const known = found.map(nameOf).join(', ') || 'none in test/bench';
  console.error(`bench: no benchmark ${unknown.join(', ') || 'to run'}. Known: ${known}`);
  process.exit(2);
}

const measurements: Measurement[] = [];
let broken = false;
for (const file of files) {
  console.error(`bench: ${nameOf(file)}`);
  // A process of its own, so that one benchmark's heap and compiled code do not help or hurt the next.
  const { code, output } = await run('node', ['--expose-gc', 'scripts/lib/bench-child.ts', join(root, file)]);
  const lines = output.trimEnd().split('\n');
  const result = lines.find((line) => line.startsWith(resultMark));
  const noise = lines.filter((line) => line !== '' && line !== result);
  if (noise.length > 0) console.error(noise.join('\n'));
  if (code === 0 && result) measurements.push(...JSON.parse(result.slice(resultMark.length)));
  else broken = true;
}

console.log(values.json ? JSON.stringify(measurements, null, 2) : table(measurements));
process.exitCode = !broken && measurements.every(within) ? 0 : 1;
