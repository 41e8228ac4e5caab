import type { CommitMeta, Payload, Sink, SinkWriter, WriteRequest } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import { payloadFromRows } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { canonicalValue, ensureSameRows } from '../data/canonical.ts';
import { ensure } from '../ensure.ts';
import type { SinkSubject } from './subject.ts';
import { sinkTable } from './table.ts';

/** The table that a subject is written with. */
export const tableOf = (subject: SinkSubject) => subject.table ?? sinkTable;

/** A commit's meta with everything in it, different for each token. */
export function meta(token: string): CommitMeta {
  return {
    runId: 'run-1',
    stepId: 'publish:orders',
    token,
    fingerprint: `fp-${token}`,
    inputs: { orders: 'snap-1', 'shop.items@date=2024-01': 'snap-2' },
    state: { offsets: { '0': 12, '1': null }, at: token },
    metadata: { note: 'a "quoted" line\nand another, €' },
  };
}

/** A request for rows in replace mode (or the sink's only mode), changed by `more`. */
export function writeRequest(subject: SinkSubject, more: Partial<WriteRequest> = {}): WriteRequest {
  const { schema } = tableOf(subject);
  const mode = more.mode ?? subject.modes.find((m) => m === 'replace') ?? subject.modes[0] ?? 'replace';
  const [first] = schema.fields;
  const key = mode === 'merge' ? { key: schema.key ?? [first?.name ?? ''] } : {};
  return { options: subject.options, schema, mode, format: 'rows', token: 'token-1', ...key, ...more };
}

/** Rows as a payload of small batches, so that there is something between two batches. */
export function payload(subject: SinkSubject, rows: readonly Row[] = tableOf(subject).rows): Payload {
  return payloadFromRows(rows, tableOf(subject).schema, { batchSize: 2 });
}

/** Opens a writer, hands it to `use` and closes it, whatever happens. */
export async function withWriter<T>(
  sink: Sink,
  request: WriteRequest,
  use: (writer: SinkWriter) => Promise<T>,
): Promise<T> {
  const writer = await sink.open(request, testContext());
  try {
    return await use(writer);
  } finally {
    await writer.close();
  }
}

/** One whole write: open, write, commit, close. */
export function writeAll(
  subject: SinkSubject,
  sink: Sink,
  rows: readonly Row[] = tableOf(subject).rows,
  more: Partial<WriteRequest> = {},
) {
  const request = writeRequest(subject, more);
  return withWriter(sink, request, async (writer) => {
    const stats = await writer.write(payload(subject, rows), testContext());
    const commit = await writer.commit(meta(request.token), testContext());
    return { stats, commit };
  });
}

/** Breaks the law unless the destination holds exactly `expected`; `undefined`: nothing at all. */
export async function ensureHolds(
  subject: SinkSubject,
  expected: readonly Row[] | undefined,
  what: string,
): Promise<void> {
  const actual = await subject.readBack();
  if (expected === undefined) {
    ensure(actual === undefined, `${what}: the destination is there, with ${actual?.length} rows`);
    return;
  }
  ensure(actual !== undefined, `${what}: nothing is at the destination`);
  ensureSameRows({ schema: tableOf(subject).schema, actual, expected, what });
}

/** Breaks the law when staging tables or files are left. */
export async function ensureClean(subject: SinkSubject, what: string): Promise<void> {
  const left = await subject.leftovers();
  ensure(left.length === 0, `${what}: ${left.join(', ')} is left behind`);
}

/** The first half of the rows, and the rest. */
export function halves(subject: SinkSubject): readonly [readonly Row[], readonly Row[]] {
  const { rows } = tableOf(subject);
  const middle = Math.ceil(rows.length / 2);
  return [rows.slice(0, middle), rows.slice(middle)];
}

/** A row with the key of `keyed` and the other values of `other`. */
export function rekey(subject: SinkSubject, keyed: Row, other: Row): Row {
  const key = tableOf(subject).schema.fields[0]?.name ?? '';
  return { ...other, [key]: keyed[key] ?? null };
}

/** What `rows` hold after `updates` were merged into them by the first column. */
export function merged(subject: SinkSubject, rows: readonly Row[], updates: readonly Row[]): readonly Row[] {
  const field = tableOf(subject).schema.fields[0];
  if (field === undefined) return updates;
  const keyOf = (row: Row) => canonicalValue(field.type, row[field.name]);
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  for (const row of updates) byKey.set(keyOf(row), row);
  return [...byKey.values()];
}
