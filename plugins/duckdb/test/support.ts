import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CallContext,
  Clock,
  CommitMeta,
  Engine,
  Field,
  Payload,
  QueryResult,
  SqlText,
  TableSchema,
  Value,
} from '@vp/plugin-sdk';
import { onTestFinished } from 'vitest';
import type { DuckdbConfig } from '../src/config.ts';
import { createCounter } from '../src/counter.ts';
import { createDuckdbEngine } from '../src/engine.ts';

/** An engine in a project folder of its own, both gone after the test. */
export function openEngine(config: DuckdbConfig = {}, clock: Clock = realClock) {
  const project = mkdtempSync(join(tmpdir(), 'vp-duckdb-'));
  const engine = reopen(project, config, clock);
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  return { engine, project };
}

/** Another engine on the same project. */
export function reopen(project: string, config: DuckdbConfig = {}, clock: Clock = realClock): Engine {
  const paths = { project, state: join(project, '.vp'), resolve: (path: string) => join(project, path) };
  const engine = createDuckdbEngine({ config: { threads: 2, memory_limit: '1GB', ...config }, paths, clock });
  onTestFinished(async () => engine[Symbol.asyncDispose]?.());
  return engine;
}

const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export function steeredClock(start = Date.parse('2026-01-01T00:00:00Z')) {
  let now = start;
  const clock: Clock = { ...realClock, now: () => now };
  return {
    clock,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };

export function context(signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, logger: silent, progress() {} };
}

const nextToken = createCounter();

export function meta(token = `token-${nextToken()}`): CommitMeta {
  return { runId: 'run', stepId: 'step', token, fingerprint: `f-${token}`, inputs: {}, state: { cursor: 7 } };
}

export function sql(strings: TemplateStringsArray, ...parts: SqlText['parts'][number][]): SqlText {
  return { strings: [...strings], parts };
}

export function input(as: string) {
  return { kind: 'input', as } as const;
}

export function fields(types: Readonly<Record<string, Field['type']>>, nullable = true): TableSchema {
  return { fields: Object.entries(types).map(([name, type]) => ({ name, type, nullable })) };
}

/** Rows as a payload, a few batches. */
export function rowsPayload(
  schema: TableSchema,
  rows: readonly (readonly Value[])[],
  batchRows = 3,
): Payload {
  async function* batches() {
    for (let from = 0; from < rows.length; from += batchRows) {
      const some = rows.slice(from, from + batchRows);
      yield { length: some.length, columns: schema.fields.map((_, c) => some.map((row) => row[c] ?? null)) };
    }
  }
  return { carrier: 'rows', format: 'rows', schema, batches: batches() };
}

export async function rowsOf(result: Pick<QueryResult, 'batches'>): Promise<Value[][]> {
  const rows: Value[][] = [];
  for await (const batch of result.batches) {
    for (let r = 0; r < batch.length; r += 1) rows.push(batch.columns.map((column) => column[r] ?? null));
  }
  return rows;
}

/** Stages a query without inputs and commits it. */
export async function put(
  engine: Engine,
  asset: string,
  text: string,
  options: { schema?: TableSchema; partition?: Record<string, string>; token?: string } = {},
) {
  const staged = await engine.stage(
    {
      target: { asset, ...(options.partition === undefined ? {} : { partition: options.partition }) },
      input: { kind: 'query', query: { sql: { strings: [text], parts: [] }, inputs: {} } },
      ...(options.schema === undefined ? {} : { schema: options.schema }),
    },
    context(),
  );
  return staged.commit(meta(options.token));
}

export async function ask(engine: Engine, text: string): Promise<Value[][]> {
  return rowsOf(await engine.query({ text }, context()));
}

export async function stageParts(
  engine: Engine,
  parts: readonly Payload[],
  schema?: TableSchema,
  asset = 'a',
) {
  return engine.stage(
    { target: { asset }, input: { kind: 'payload', parts }, ...(schema === undefined ? {} : { schema }) },
    context(),
  );
}
