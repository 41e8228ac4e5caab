import type {
  CheckResult,
  CommitMeta,
  RowBatch,
  RowsPayload,
  Sink,
  Source,
  TableSchema,
  Transform,
  Validator,
  Value,
} from '@vp/contracts';
import { formatPartition, type JsonObject, type PartitionKey } from '@vp/contracts';

type Row = Readonly<Record<string, Value>>;

function rowsPayload(schema: TableSchema, rows: readonly Row[]): RowsPayload {
  return {
    carrier: 'rows',
    format: 'rows',
    schema,
    batches: (async function* (): AsyncGenerator<RowBatch> {
      yield {
        length: rows.length,
        columns: schema.fields.map(({ name }) => rows.map((row) => row[name] ?? null)),
      };
    })(),
  };
}

function inferSchema(rows: readonly Row[]): TableSchema {
  const [first = {}] = rows;
  return {
    fields: Object.keys(first).map((name) => {
      const value = rows.map((row) => row[name]).find((v) => v !== null);
      const kind = typeof value === 'bigint' ? 'int64' : typeof value === 'number' ? 'float64' : 'utf8';
      return { name, type: { kind }, nullable: true };
    }),
  };
}

/** Tables by name, that tests change under way. */
export interface MemorySource extends Source {
  readonly tables: Record<string, readonly Row[]>;
  readonly log: string[];
  hasVersions: boolean;
}

export function createMemorySource(tables: Record<string, readonly Row[]>): MemorySource {
  const log: string[] = [];
  const nameOf = (options: { readonly table?: unknown }): string => String(options.table);
  const text = (rows: unknown): string =>
    JSON.stringify(rows, (_, v) => (typeof v === 'bigint' ? `${v}n` : v));
  const source: MemorySource = {
    tables,
    log,
    hasVersions: true,
    check: async () => ({ ok: true, message: 'memory' }),
    async discover({ options }) {
      const names = options === undefined ? Object.keys(tables) : [nameOf(options)];
      return names.flatMap((name) => {
        const rows = tables[name];
        if (rows === undefined) return [];
        return [
          { options: { table: name }, name, schema: inferSchema(rows), formats: ['rows'], bounded: true },
        ];
      });
    },
    version: async ({ options }) => (source.hasVersions ? text(tables[nameOf(options)]) : undefined),
    async read({ options }) {
      log.push(`read ${nameOf(options)}`);
      const rows = tables[nameOf(options)] ?? [];
      const schema = inferSchema(rows);
      return {
        schema,
        bounded: true,
        parts: [rowsPayload(schema, rows)],
        state: async () => ({ count: rows.length }),
        close: async () => {
          log.push(`close ${nameOf(options)}`);
        },
      };
    },
    async acknowledge({ options, state }) {
      log.push(`acknowledge ${nameOf(options)} ${JSON.stringify(state)}`);
    },
  };
  return source;
}

export interface MemorySink extends Sink {
  readonly written: Map<
    string,
    { readonly rows: readonly Row[]; readonly meta: CommitMeta; readonly schema: TableSchema }
  >;
  readonly log: string[];
}

const pathOf = (options: JsonObject, partition: PartitionKey | undefined): string =>
  String(options.path).replaceAll('{partition}', partition === undefined ? '' : formatPartition(partition));

export function createMemorySink(): MemorySink {
  const written: MemorySink['written'] = new Map();
  const log: string[] = [];
  return {
    written,
    log,
    check: async () => ({ ok: true, message: 'memory' }),
    async inspect({ options, partition }) {
      const path = pathOf(options, partition);
      const there = written.get(path);
      return {
        location: path,
        exists: there !== undefined,
        formats: ['rows'],
        ...(there === undefined ? {} : { committed: there.meta, schema: there.schema }),
      };
    },
    async open({ options, partition, schema, mode }) {
      const path = pathOf(options, partition);
      const staged: Row[] = [];
      return {
        async write(payload) {
          if (payload.carrier !== 'rows') throw new Error(payload.carrier);
          for await (const batch of payload.batches) {
            for (let r = 0; r < batch.length; r += 1) {
              staged.push(
                Object.fromEntries(
                  payload.schema.fields.map(({ name }, c) => [name, batch.columns[c]?.[r] ?? null]),
                ),
              );
            }
          }
          return { rows: staged.length };
        },
        async commit(meta) {
          log.push(`commit ${path}`);
          const before = mode === 'append' ? (written.get(path)?.rows ?? []) : [];
          written.set(path, { rows: [...before, ...staged], meta, schema });
          return { location: path, stats: { rows: staged.length } };
        },
        async close() {
          log.push(`close ${path}`);
        },
      };
    },
  };
}

type Code = (
  rows: readonly Row[],
  signal: AbortSignal,
) => readonly Row[] | undefined | Promise<readonly Row[] | undefined>;

/** Calls `code` with the rows of the first input. */
export const functionTransform: Transform = {
  formats: () => ['rows'],
  async run({ code, inputs, schema }, { signal }) {
    const rows: Row[] = [];
    for (const payload of Object.values(inputs)) {
      if (payload.carrier !== 'rows') throw new Error(payload.carrier);
      for await (const batch of payload.batches) {
        for (let r = 0; r < batch.length; r += 1) {
          rows.push(
            Object.fromEntries(
              payload.schema.fields.map(({ name }, c) => [name, batch.columns[c]?.[r] ?? null]),
            ),
          );
        }
      }
    }
    const output = await (code as Code)(rows, signal);
    return output === undefined ? {} : { output: rowsPayload(schema ?? inferSchema(output), output) };
  },
};

/** Two rules: `positive` of a column and `row_count` of the table. */
export const rowValidator: Validator = {
  rules: () => [],
  async validate({ target, checks, sampleSize }) {
    const results: CheckResult[] = [];
    for (const check of checks) {
      const [column = ''] = check.columns;
      const condition = check.rule === 'positive' ? `"${column}" <= 0` : '1 = 0';
      const result = await target.query(`select * from ${target.relation} where ${condition}`);
      const sample: Record<string, string>[] = [];
      let failures = 0;
      for await (const batch of result.batches) {
        failures += batch.length;
        for (let r = 0; r < Math.min(batch.length, sampleSize); r += 1) {
          sample.push(
            Object.fromEntries(
              result.schema.fields.map(({ name }, c) => [name, String(batch.columns[c]?.[r])]),
            ),
          );
        }
      }
      results.push({
        check: check.name,
        rule: check.rule,
        columns: check.columns,
        severity: check.severity,
        status: failures === 0 ? 'passed' : 'failed',
        rows: 1,
        failures,
        sample,
        message: `${failures} rows break ${check.rule}.`,
      });
    }
    return results;
  },
};

export const rowRules = [
  { id: 'positive', description: 'above zero', columns: 'one', options: { type: 'object', properties: {} } },
  {
    id: 'row_count',
    description: 'how many',
    columns: 'none',
    options: { type: 'object', properties: { min: { type: 'integer' } } },
  },
];
