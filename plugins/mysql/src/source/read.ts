import type { CallContext, Json, Payload, ReadRequest, SourceRead, TableSchema } from '@vp/plugin-sdk';
import type { Column, Relation } from '../catalogue/tables.ts';
import { faultOf } from '../connection/faults.ts';
import type { Server, Session } from '../connection/server.ts';
import { quoteName } from '../names.ts';
import { type MysqlSourceOptions, parseSourceOptions } from '../options.ts';
import { decoderOf } from '../types/decode.ts';
import { RowStream } from '../wire/row-stream.ts';
import {
  type CursorState,
  cursorColumn,
  type KeyRange,
  keyText,
  literal,
  parseState,
  selectOf,
  wantedColumns,
} from './select.ts';
import { beginSnapshots } from './snapshot.ts';

interface Reading {
  readonly server: Server;
  readonly session: Session;
  readonly relation: Relation;
  readonly request: ReadRequest;
  readonly context: CallContext;
}

/** Rows of a table below which it is not worth a second connection. */
const rowsPerPart = 50_000;

/** Opens a read in one snapshot: of one connection, or of several that have the same. */
export async function readRelation(reading: Reading): Promise<SourceRead> {
  const { relation, request } = reading;
  const options = parseSourceOptions(request.options);
  const columns = wantedColumns(relation, options, request.columns);
  const schema: TableSchema = { fields: columns.map(({ field }) => field) };
  const wantedRanges = await rangesOf(reading);
  const sessions = await beginSnapshots({ ...reading, count: wantedRanges.length });
  const ranges = sessions.length === wantedRanges.length ? wantedRanges : [undefined];
  const bounds = await cursorBounds(reading, options);
  const parts = ranges.map((range, index): Payload => {
    const select = selectOf({
      relation,
      columns,
      options,
      ...(range === undefined ? {} : { range }),
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
      await Promise.all(sessions.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

/** Only tables with an integer at the head of their key can be cut. A cursor reads few rows, by an index. */
async function rangesOf({ session, relation, request }: Reading): Promise<readonly (KeyRange | undefined)[]> {
  const { parallelism = 1, options } = request;
  const [first] = relation.key;
  const key = relation.columns.find(({ field }) => field.name === first);
  const count = Math.min(parallelism, Math.floor((relation.estimatedRows ?? 0) / rowsPerPart));
  const isCuttable = relation.kind === 'table' && (key?.read.via === 'int' || key?.read.via === 'bigint');
  if (count < 2 || !isCuttable || options.cursor !== undefined || first === undefined) return [undefined];
  const name = quoteName(first);
  // Ranges are only places to cut: that they were seen before the snapshot does no harm, since both ends are open.
  const [row] = await session.query(`select min(${name}) as low, max(${name}) as high from ${relation.sql}`);
  if (typeof row?.low !== 'string' || typeof row.high !== 'string') return [undefined];
  const low = BigInt(row.low);
  const width = BigInt(row.high) - low + 1n;
  if (width < BigInt(count)) return [undefined];
  const cut = (index: number) => low + (width * BigInt(index)) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    column: first,
    ...(index === 0 ? {} : { from: cut(index) }),
    ...(index + 1 === count ? {} : { to: cut(index + 1) }),
  }));
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
  const decoders = columns.map(({ field, read }) => decoderOf(field.name, read));
  async function* batches() {
    try {
      signal.throwIfAborted();
      const rows = new RowStream(select, decoders);
      yield* session.run(rows, (reason) => rows.fail(reason));
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf(error, config);
    }
  }
  return { carrier: 'rows', format: 'rows', schema, ...estimate, batches: batches() };
}

interface Bounds {
  readonly above?: CursorState;
  readonly upTo: string;
}

/** From where the last read ended, up to the highest value of this snapshot. Nothing to read: no bounds above. */
async function cursorBounds(
  { session, relation, request }: Reading,
  options: MysqlSourceOptions,
): Promise<Bounds | undefined> {
  if (options.cursor === undefined) return undefined;
  const column = cursorColumn(relation, options);
  const above = parseState(request.state);
  const where = options.where === undefined ? '' : ` where (${options.where}\n)`;
  const isFloat = column.read.via === 'float';
  const [row] = await session.query(
    `select max(${quoteName(options.cursor)})${isFloat ? ' * 1e0' : ''} as top from ${relation.sql}${where}`,
  );
  const upTo = row?.top ?? above?.cursor;
  // An empty table has no highest value: nothing is read, and nothing is remembered.
  if (upTo === undefined) return undefined;
  return { ...(above === undefined ? {} : { above }), upTo };
}

/** The rows that have the highest value, in the same snapshot. */
async function stateAt(
  { session, relation }: Reading,
  options: MysqlSourceOptions,
  { upTo }: Bounds,
): Promise<Json> {
  const column = cursorColumn(relation, options);
  const condition = `${quoteName(column.field.name)} = ${literal(column, upTo)}`;
  const where = options.where === undefined ? condition : `(${options.where}\n) and ${condition}`;
  const rows = await session.query(
    `select ${keyText(relation, options)} as k from ${relation.sql} where ${where} order by 1`,
  );
  return { cursor: upTo, ties: rows.map(({ k }) => k ?? '') };
}
