import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createSecret,
  type Json,
  type Payload,
  points,
  type RowBatch,
  type RowsPayload,
  type TableSchema,
} from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { context, type Started, start } from './support/start.ts';

const schema: TableSchema = { fields: [{ name: 'id', type: { kind: 'int64' }, nullable: false }] };
const kinds = ['sources', 'sinks', 'transforms', 'validators', 'alerters', 'auth'] as const;
const contracts = ['source', 'sink', 'transform', 'validator', 'alerter', 'auth'];

let project: string;
let plugin: Started;
const state = new Map<string, Json>();

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'vp-points-'));
  const contribution = (kind: string, i: number) => ({
    id: 'all',
    contract: `${contracts[i]}@1`,
    ...(i < 3 ? { formats: ['rows'] } : {}),
    ...(kind === 'validators'
      ? { rules: [{ id: 'positive', description: 'Above zero', columns: 'one', options: {} }] }
      : {}),
  });
  plugin = await start({
    plugin: 'all',
    directory: join(import.meta.dirname, 'support'),
    entry: './all-points.mts',
    project,
    contributes: Object.fromEntries(kinds.map((kind, i) => [kind, [contribution(kind, i)]])),
    requires: ['vp.secrets@1', 'vp.state@1'],
    services: {
      'vp.secrets@1': {
        get: async (ref: `secret://${string}`) => createSecret({ ref, value: 'other-hush' }),
      },
      'vp.state@1': {
        get: async (key: string) => state.get(key),
        set: async (key: string, value: Json) => void state.set(key, value),
      },
    },
  });
});
afterAll(async () => {
  await plugin.stop();
  rmSync(project, { recursive: true });
});

function rows(...batches: readonly (readonly bigint[])[]): RowsPayload {
  const items = async function* (): AsyncGenerator<RowBatch> {
    for (const values of batches) yield { length: values.length, columns: [values] };
  };
  return { carrier: 'rows', format: 'rows', schema, batches: items() };
}

async function valuesOf(payload: Payload | undefined): Promise<readonly unknown[]> {
  if (payload?.carrier !== 'rows') throw new Error('no rows');
  const values: unknown[] = [];
  for await (const { columns } of payload.batches) values.push(...Array.from(columns[0] ?? []));
  return values;
}

test('a sink takes rows, commits, and refuses a relation of an engine', async () => {
  const sink = await plugin.instance(points.sink, 'all');
  const request = { options: {}, schema, mode: 'append', format: 'rows', token: 't' } as const;
  const writer = await sink.open(request, context());
  expect(await writer.write(rows([1n, 2n], [3n]), context())).toEqual({ rows: 3 });
  const relation = { carrier: 'relation', format: 'relation', engine: 'duckdb', sql: 'x', schema } as const;
  await expect(writer.write(relation, context())).rejects.toMatchObject({
    code: 'VP_ISOLATION_CANNOT_CROSS',
  });
  const file = { carrier: 'files', format: 'csv', schema, files: [{ uri: import.meta.filename }] } as const;
  await expect(writer.write(file, context())).rejects.toMatchObject({ code: 'VP_ISOLATION_FILE_UNREADABLE' });
  const meta = { runId: 'r', stepId: 's', token: 't', fingerprint: 'f', inputs: {} };
  expect(await writer.commit(meta, context())).toEqual({ location: 'memory by t', stats: { rows: 3 } });
  await writer.close();
  await writer.close();
  expect(await sink.inspect({ options: {} }, context())).toMatchObject({ exists: true });
});

test('a sink that reads an input that fails is told why', async () => {
  const sink = await plugin.instance(points.sink, 'all');
  const writer = await sink.open(
    { options: {}, schema, mode: 'append', format: 'rows', token: 't' },
    context(),
  );
  const failing: RowsPayload = {
    ...rows(),
    batches: (async function* (): AsyncGenerator<RowBatch> {
      yield { length: 1, columns: [[1n]] };
      throw new Error('the source is gone');
    })(),
  };
  await expect(writer.write(failing, context())).rejects.toThrow('the source is gone');
  await writer.close();
});

test('a transform gets its inputs and gives its output, both as rows', async () => {
  const transform = await plugin.instance(points.transform, 'all');
  expect(transform.formats({ options: {} })).toEqual(['rows']);
  const request = { asset: 'a', options: { factor: 2 }, inputs: { numbers: rows([1n, 2n], [3n]) } };
  const result = await transform.run(request, context());
  expect(await valuesOf(result.output)).toEqual([2n, 4n, 6n]);
  expect(result.metadata).toEqual({ options: 2 });
  await result.close?.();
  const code = { ...request, code: () => {} };
  await expect(transform.run(code, context())).rejects.toMatchObject({ code: 'VP_ISOLATION_CANNOT_CROSS' });
});

test('a validator queries by way of the host', async () => {
  const validator = await plugin.instance(points.validator, 'all');
  expect(validator.rules().map(({ id }) => id)).toEqual(['positive']);
  const asked: string[] = [];
  const target = {
    asset: 'a',
    schema,
    relation: 'staged',
    related: {},
    dialect: 'duckdb',
    async query(sql: string) {
      asked.push(sql);
      return { schema, batches: rows([-1n]).batches, close: async () => undefined };
    },
  };
  const check = { name: 'c', rule: 'positive', columns: ['id'], options: {}, severity: 'error' } as const;
  const results = await validator.validate({ target, checks: [check], sampleSize: 0 }, context());
  expect(results).toMatchObject([{ check: 'c', status: 'failed', failures: 1 }]);
  expect(asked).toEqual(['select id from staged where id <= 0']);
});

test('an alerter has its secrets and its state, and prints no secret', async () => {
  const key = createSecret({ ref: 'secret://env/KEY', value: 'key-hush-hush' });
  const alerter = await plugin.instance(points.alerter, 'all', { key });
  const where = context();
  await alerter.send([], where);
  await delay(100);
  expect(state.get('sent')).toBe(0);
  const text = JSON.stringify(where.lines);
  expect(text).toContain('sent with [secret]');
  expect(text).not.toMatch(/hush/);
});

test('an auth provider allows what it says plainly, and nothing else', async () => {
  const auth = await plugin.instance(points.auth, 'all');
  expect(Object.keys(auth).sort()).toEqual(['authorize', 'identify']);
  expect(await auth.identify?.({ kind: 'bearer', token: 'right' }, context())).toMatchObject({ name: 'Ana' });
  expect(await auth.identify?.({ kind: 'bearer', token: 'wrong' }, context())).toBeUndefined();
  const identity = { id: 'x', name: 'x', groups: [], provider: 'all' };
  const request = { identity, action: 'asset.run', resource: '*' };
  expect(await auth.authorize?.(request, context())).toEqual({ allowed: false, reason: 'because' });
});

test('an endless source gives one window after the other', async () => {
  const source = await plugin.instance(points.source, 'all');
  const read = await source.read({ options: {}, format: 'rows' }, context());
  const seen: unknown[] = [];
  for await (const { parts, state: at } of read.windows ?? []) {
    seen.push([await valuesOf(parts[0]), at]);
    if (seen.length === 3) break;
  }
  await read.close();
  expect(seen).toEqual([
    [[0n], 0],
    [[1n], 1],
    [[2n], 2],
  ]);
});
