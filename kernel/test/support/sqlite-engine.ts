import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  type Engine,
  type EngineQuery,
  formatPartition,
  type LogicalType,
  type PartitionKey,
  type Payload,
  type RowBatch,
  type RowsPayload,
  type Snapshot,
  type SnapshotRead,
  type TableSchema,
  type Value,
  VpError,
} from '@vp/contracts';

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const keyOf = (asset: string, partition?: PartitionKey): string =>
  partition === undefined ? asset : `${asset}@${formatPartition(partition)}`;

const bind = (value: Value): SQLInputValue => {
  if (value === null || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string')
    return value;
  return typeof value === 'boolean' ? Number(value) : JSON.stringify(value);
};

function typeOf(values: readonly unknown[]): LogicalType {
  const value = values.find((v) => v !== null);
  if (typeof value === 'bigint') return { kind: 'int64' };
  return { kind: typeof value === 'number' ? 'float64' : 'utf8' };
}

export interface SqliteEngine extends Engine {
  /** How often each of these was called. */
  readonly calls: { stage: number; commit: number; discard: number };
  rows(sql: string): readonly Record<string, unknown>[];
}

/** A small engine over SQLite in memory: one table for each snapshot. */
export function createSqliteEngine(): SqliteEngine {
  const db = new DatabaseSync(':memory:');
  const current = new Map<string, Snapshot>();
  const all: Snapshot[] = [];
  const staged = new Set<string>();
  const calls = { stage: 0, commit: 0, discard: 0 };
  let count = 0;

  const select = (
    sql: string,
    values: readonly SQLInputValue[] = [],
  ): readonly Record<string, SQLInputValue>[] => {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all(...values) as Record<string, SQLInputValue>[];
  };

  function relationOf(read: SnapshotRead): string {
    if (read.partitions?.length === 0 && read.schema !== undefined) {
      return `(select ${read.schema.fields.map(({ name }) => `null as ${quote(name)}`).join(', ')} where false)`;
    }
    const ids =
      read.snapshot === undefined
        ? [...current.values()]
            .filter(
              (s) =>
                s.asset === read.asset &&
                (read.partitions === undefined ||
                  read.partitions.some(
                    (p) => s.partition !== undefined && formatPartition(p) === formatPartition(s.partition),
                  )),
            )
            .map((s) => s.id)
        : [read.snapshot];
    if (ids.length === 0) throw new Error(`no snapshot of ${read.asset}`);
    return `(${ids.map((id) => `select * from ${quote(id)}`).join(' union all ')})`;
  }

  function render({ sql, inputs, partition }: EngineQuery): { text: string; values: SQLInputValue[] } {
    let text = sql.strings[0] ?? '';
    const values: SQLInputValue[] = [];
    sql.parts.forEach((part, index) => {
      if (part.kind === 'input') {
        const read = inputs[part.as];
        if (read === undefined) throw new Error(`no input ${part.as}`);
        text += relationOf(read);
      } else if (part.kind === 'column') text += quote(part.name);
      else {
        const bounds = Object.values(partition ?? {})[0];
        values.push(part.kind === 'value' ? bind(part.value as Value) : (bounds?.[part.bound] ?? null));
        text += '?';
      }
      text += sql.strings[index + 1] ?? '';
    });
    return { text, values };
  }

  function schemaOf(table: string, declared: TableSchema | undefined): TableSchema {
    const columns = select(`select name from pragma_table_info(${"'"}${table}${"'"})`).map((row) =>
      String(row.name),
    );
    const rows = select(`select * from ${quote(table)} limit 50`);
    return {
      fields: columns.map((name) => {
        const values = rows.map((row) => row[name]);
        const wanted = declared?.fields.find((field) => field.name === name);
        const found = typeOf(values);
        const fits =
          wanted !== undefined && (values.every((v) => v === null) || found.kind === wanted.type.kind);
        return { name, type: fits ? wanted.type : found, nullable: true };
      }),
    };
  }

  async function load(table: string, parts: readonly Payload[]): Promise<void> {
    const [first] = parts;
    if (first === undefined) throw new Error('nothing to load');
    const columns = first.schema.fields.map((field) => quote(field.name));
    db.exec(`create table ${quote(table)} (${columns.join(', ')})`);
    const insert = db.prepare(`insert into ${quote(table)} values (${columns.map(() => '?').join(', ')})`);
    for (const part of parts) {
      if (part.carrier !== 'rows')
        throw new VpError({ code: 'VP_TEST_FORMAT', class: 'plugin', message: part.format });
      for await (const batch of part.batches) {
        for (let r = 0; r < batch.length; r += 1)
          insert.run(...batch.columns.map((values) => bind(values[r] ?? null)));
      }
    }
  }

  const payloadOf = (schema: TableSchema, sql: string): RowsPayload => ({
    carrier: 'rows',
    format: 'rows',
    schema,
    batches: (async function* (): AsyncGenerator<RowBatch> {
      const rows = select(sql);
      yield {
        length: rows.length,
        columns: schema.fields.map(({ name }) => rows.map((row) => row[name] as Value)),
      };
    })(),
  });

  return {
    calls,
    rows: select,
    formats: { accepts: ['rows'], offers: ['rows'] },
    check: async () => ({ ok: true, message: 'SQLite' }),
    async stage({ target, input, schema: declared }, { signal }) {
      calls.stage += 1;
      count += 1;
      const id = `s${String(count).padStart(6, '0')}`;
      try {
        if (input.kind === 'query') {
          const { text, values } = render(input.query);
          db.prepare(`create table ${quote(id)} as ${text}`).run(...values);
        } else await load(id, input.parts);
        signal.throwIfAborted();
      } catch (error) {
        db.exec(`drop table if exists ${quote(id)}`);
        throw error;
      }
      staged.add(id);
      const schema = schemaOf(id, declared);
      const rows = Number(select(`select count(*) as n from ${quote(id)}`)[0]?.n);
      return {
        id,
        target,
        schema,
        rows,
        bytes: rows * 8,
        relation: quote(id),
        async commit(commit) {
          const key = keyOf(target.asset, target.partition);
          const before = current.get(key);
          if (before?.commit.token === commit.token) return before;
          calls.commit += 1;
          staged.delete(id);
          const snapshot: Snapshot = {
            ...target,
            id,
            schema,
            rows,
            bytes: rows * 8,
            createdAt: count,
            location: `sqlite:${id}`,
            commit,
          };
          current.set(key, snapshot);
          all.unshift(snapshot);
          return snapshot;
        },
        async discard() {
          calls.discard += 1;
          staged.delete(id);
          db.exec(`drop table if exists ${quote(id)}`);
        },
      };
    },
    async query(request) {
      const { text, values } = 'text' in request ? { text: request.text, values: [] } : render(request);
      const rows = select(text, values);
      const names = Object.keys(rows[0] ?? {});
      const schema = {
        fields: names.map((name) => ({ name, type: typeOf(rows.map((r) => r[name])), nullable: true })),
      };
      return {
        schema,
        batches: (async function* (): AsyncGenerator<RowBatch> {
          yield { length: rows.length, columns: names.map((name) => rows.map((row) => row[name] as Value)) };
        })(),
        close: async () => undefined,
      };
    },
    relation: async (read) => relationOf(read),
    async read(read) {
      const relation = relationOf(read);
      const id = read.snapshot ?? [...current.values()].find((s) => s.asset === read.asset)?.id ?? '';
      const schema = all.find((s) => s.id === id)?.schema ?? { fields: [] };
      return { payload: payloadOf(schema, `select * from ${relation}`), close: async () => undefined };
    },
    snapshots: async (assets) =>
      [...current.values()].filter((s) => assets === undefined || assets.includes(s.asset)),
    history: async ({ asset, partition }) =>
      all.filter((s) => keyOf(s.asset, s.partition) === keyOf(asset, partition)),
    async restore({ asset, partition }, id) {
      const snapshot = all.find((s) => s.id === id);
      if (snapshot === undefined) throw new Error(`no snapshot ${id}`);
      current.set(keyOf(asset, partition), snapshot);
      return snapshot;
    },
    collectGarbage: async () => [...staged],
  };
}
