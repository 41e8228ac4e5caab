import { pathToFileURL } from 'node:url';
import { type Benchmark, type Measurement, resultMark } from './bench.ts';

const [file = ''] = process.argv.slice(2);
const { default: benchmark } = (await import(pathToFileURL(file).href)) as { default: Benchmark };
const rows = await benchmark.run();
if (rows.length === 0) throw new Error(`${benchmark.name} measured nothing`);
for (const { measured, limit, target } of rows) {
  // JSON would turn NaN into null, and null passes every target.
  if (![measured, limit, target].every(Number.isFinite))
    throw new Error(`${benchmark.name}: not a finite number`);
}

const measurements = rows.map(
  (row): Measurement => ({ what: benchmark.name, against: benchmark.limit, ...row }),
);
// A line of its own with a mark, whatever the benchmark prints before or after it.
process.stdout.write(`\n${resultMark}${JSON.stringify(measurements)}\n`, () => process.exit(0));
