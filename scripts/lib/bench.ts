import { styleText } from 'node:util';

/** One row of the table. Less is better: seconds, milliseconds, MB; never rows per second. */
export interface BenchmarkRow {
  readonly measured: number;
  /** What the limit took, side by side in the same run: a bare time says nothing about the code. */
  readonly limit: number;
  readonly unit: string;
  /** The most that measured / limit may be. When the limit is 0, the most that `measured` itself may be. */
  readonly target: number;
  readonly note?: string;
}

/** What a `test/bench/<name>.bench.ts` exports as default. */
export interface Benchmark {
  readonly name: string;
  /** What it is measured against, such as `node -e 0`. */
  readonly limit: string;
  run(): Promise<readonly BenchmarkRow[]>;
}

export interface Measurement extends BenchmarkRow {
  readonly what: string;
  readonly against: string;
}

/** Begins the line on which the child process hands its measurements over. */
export const resultMark = 'vp-bench-result ';

const value = ({ measured, limit }: BenchmarkRow) => (limit === 0 ? measured : measured / limit);

export const within = (row: BenchmarkRow) => value(row) <= row.target;

const show = (number: number) => (Math.abs(number) >= 100 ? number.toFixed(0) : number.toPrecision(3));

function cells(row: Measurement): readonly string[] {
  const absolute = row.limit === 0;
  return [
    row.note ? `${row.what} (${row.note})` : row.what,
    `${show(row.measured)} ${row.unit}`,
    absolute ? '-' : `${show(row.limit)} ${row.unit} (${row.against})`,
    absolute ? '-' : `${show(value(row))} x`,
    absolute ? `${show(row.target)} ${row.unit}` : `${show(row.target)} x`,
    within(row) ? 'ok' : 'MISSED',
  ];
}

export function table(measurements: readonly Measurement[]): string {
  const rows = [['what', 'measured', 'limit', 'ratio', 'target', 'ok'], ...measurements.map(cells)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line, index) => (index === 0 ? styleText('bold', line) : line))
    .join('\n');
}
