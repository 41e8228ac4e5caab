import type { CallContext, Json, Payload, ReadRequest, SourceRead, TableSchema } from '@vp/plugin-sdk';
import type { Column, Relation } from '../catalogue/tables.ts';
import { faultOf } from '../connection/faults.ts';
import type { Server, Session } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteText } from '../names.ts';
import { type PostgresSourceOptions, parseSourceOptions } from '../options.ts';
import { decoderOf } from '../types/decode.ts';
import { CopyOut } from '../wire/copy-out.ts';
import { decodeRows } from '../wire/rows.ts';
import {
  type CursorState,
  keyText,
  type PageRange,
  pageRanges,
  parseState,
  selectOf,
  wantedColumns,
} from './select.ts';

interface Reading {
  readonly server: Server;
  readonly session: Session;
  readonly relation: Relation;
  readonly request: ReadRequest;
  readonly context: CallContext;
}

/** Opens a read in one snapshot: of one connection, or of several that share it. */
export async function readRelation(reading: Reading): Promise<SourceRead> {
  const { session, relation, request } = reading;
  const options = parseSourceOptions(request.options);
  const columns = wantedColumns(relation, options, request.columns);
  const schema: TableSchema = { fields: columns.map(({ field }) => field) };
  await session.query('begin isolation level repeatable read read only');
  const bounds = await cursorBounds(reading, options);
  const ranges = rangesOf(relation, request);
  const sessions = await shareSnapshot(reading, ranges.length);
  const parts = ranges.map((range, index): Payload => {
    const select = selectOf({
      relation,
      columns,
      options,
      native: request.format === 'postgres-copy',
      ...(ranges.length === 1 ? {} : { range }),
      ...(bounds === undefined ? {} : { cursor: bounds }),
    });
    const { estimatedRows } = relation;
    const isWhole = bounds === undefined && options.where === undefined && estimatedRows !== undefined;
    const estimate = isWhole ? { estimatedRows: Math.round(estimatedRows / ranges.length) } : {};
    return payloadOf({ reading, session: sessions[index] as Session, select, columns, schema, estimate });
  });
  return {
    schema,
    bounded: true,
    parts,
    state: async () => (bounds === undefined ? request.state : await stateAt(reading, options, bounds)),
    async close() {
      for (const each of sessions) await each[Symbol.asyncDispose]();
    },
  };
}

/** Only plain tables can be cut: pages of a view are nobody's. A cursor reads few rows, by an index. */
function rangesOf(relation: Relation, { parallelism = 1, options }: ReadRequest): readonly PageRange[] {
  const isPlain = relation.pages !== undefined && options.cursor === undefined;
  return isPlain ? pageRanges(relation.pages ?? 0, parallelism) : [{ from: 0 }];
}

async function shareSnapshot(
  { server, session, context }: Reading,
  count: number,
): Promise<readonly Session[]> {
  if (count === 1) return [session];
  const [row] = await session.query<{ id: string }>('select pg_export_snapshot() as id');
  const others = await Promise.all(
    Array.from({ length: count - 1 }, async () => {
      const other = await server.open(context, { readOnly: true });
      await other.query('begin isolation level repeatable read read only');
      await other.query(`set transaction snapshot ${quoteText(row?.id ?? '')}`);
      return other;
    }),
  );
  return [session, ...others];
}

function payloadOf(init: {
  readonly reading: Reading;
  readonly session: Session;
  readonly select: string;
  readonly columns: readonly Column[];
  readonly schema: TableSchema;
  readonly estimate: { readonly estimatedRows?: number };
}): Payload {
  const { reading, session, select, columns, schema, estimate } = init;
  const { config } = reading.server;
  const { signal } = reading.context;
  async function* copy(): AsyncGenerator<Buffer> {
    try {
      yield* session.client.query(new CopyOut(`copy (${select}) to stdout (format binary)`));
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf(error, config);
    }
  }
  if (reading.request.format === 'postgres-copy') {
    const natives = columns.map(({ field }) => field.nativeType ?? '');
    return {
      carrier: 'stream',
      format: 'postgres-copy',
      schema,
      ...estimate,
      options: { natives },
      stream: copy(),
    };
  }
  const decoders = columns.map(({ field, read }) => decoderOf(field.name, read));
  return { carrier: 'rows', format: 'rows', schema, ...estimate, batches: decodeRows(copy(), decoders) };
}

interface Bounds {
  readonly above?: CursorState;
  readonly upTo: string;
}

/** From where the last read ended, up to the highest value of this snapshot. Nothing to read: no bounds above. */
async function cursorBounds(
  { session, relation, request }: Reading,
  options: PostgresSourceOptions,
): Promise<Bounds | undefined> {
  const { cursor } = options;
  if (cursor === undefined) return undefined;
  if (!relation.columns.some(({ field }) => field.name === cursor)) {
    const names = relation.columns.map(({ field }) => field.name).join(', ');
    throw errors.VP_POSTGRES_OPTION({
      problem: `The cursor "${cursor}" is no column of ${relation.label} (${names})`,
    });
  }
  const above = parseState(request.state);
  const where = options.where === undefined ? '' : ` where (${options.where}\n)`;
  const [row] = await session.query<{ top: string | null }>(
    `select max(${quoteName(cursor)})::text as top from ${relation.sql}${where}`,
  );
  const upTo = row?.top ?? above?.cursor;
  // An empty table has no highest value: nothing is read, and nothing is remembered.
  if (upTo === undefined) return undefined;
  return { ...(above === undefined ? {} : { above }), upTo };
}

/** The rows that have the highest value, in the same snapshot. */
async function stateAt(
  { session, relation }: Reading,
  options: PostgresSourceOptions,
  { upTo }: Bounds,
): Promise<Json> {
  const condition = `${quoteName(options.cursor ?? '')} = ${quoteText(upTo)}`;
  const where = options.where === undefined ? condition : `(${options.where}\n) and ${condition}`;
  const rows = await session.query<{ key: string }>(
    `select ${keyText(relation, options)} as key from ${relation.sql} where ${where} order by 1`,
  );
  return { cursor: upTo, ties: rows.map(({ key }) => key) };
}
