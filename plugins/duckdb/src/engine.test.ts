import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ask,
  context,
  fields,
  input,
  meta,
  openEngine,
  put,
  reopen,
  rowsOf,
  rowsPayload,
  sql,
  stageParts,
} from '../test/support.ts';

describe('stage and commit', () => {
  test('a query over a snapshot becomes a snapshot', async () => {
    const { engine } = openEngine();
    await put(engine, 'shop.orders', "SELECT i AS id, 'c' || (i % 3) AS customer FROM range(10) t(i)");
    const staged = await engine.stage(
      {
        target: { asset: 'per_customer' },
        input: {
          kind: 'query',
          query: {
            sql: sql`SELECT customer, sum(orders.id) AS total FROM ${input('orders')} WHERE id > ${{ kind: 'value', value: 0 }} GROUP BY ALL ORDER BY 1`,
            inputs: { orders: { asset: 'shop.orders' } },
          },
        },
      },
      context(),
    );
    expect(staged.rows).toBe(3);
    expect(await engine.snapshots(['per_customer'])).toEqual([]);
    expect(await ask(engine, `SELECT count(*) FROM ${staged.relation}`)).toEqual([[3n]]);
    const snapshot = await staged.commit(meta());
    expect(snapshot).toMatchObject({
      id: staged.id,
      asset: 'per_customer',
      rows: 3,
      commit: { state: { cursor: 7 } },
    });
    expect(await ask(engine, 'FROM per_customer')).toEqual([
      ['c0', '18'],
      ['c1', '12'],
      ['c2', '15'],
    ]);
    expect(await ask(engine, 'SELECT count(*) FROM shop.orders')).toEqual([[10n]]);
  });

  test('the same token commits once', async () => {
    const { engine } = openEngine();
    const first = await put(engine, 'a', 'SELECT 1 AS x', { token: 't' });
    await put(engine, 'a', 'SELECT 2 AS x', { token: 'u' });
    const again = await put(engine, 'a', 'SELECT 3 AS x', { token: 't' });
    expect(again.id).toBe(first.id);
    expect(await ask(engine, 'FROM a')).toEqual([[2]]);
    expect(await engine.history({ asset: 'a' })).toHaveLength(2);
  });

  test('what is discarded is never seen and cannot be committed', async () => {
    const { engine, project } = openEngine();
    const staged = await stageParts(engine, [rowsPayload(fields({ x: { kind: 'int32' } }), [[1]])]);
    await staged.discard();
    await expect(staged.commit(meta())).rejects.toMatchObject({ code: 'VP_DUCKDB_STAGE_GONE' });
    expect(await engine.snapshots()).toEqual([]);
    expect(readdirSync(join(project, '.vp'))).toEqual(['tmp']);
  });

  test('partitions are snapshots of their own, read together', async () => {
    const { engine } = openEngine();
    for (const date of ['2001-01', '2001-02']) {
      await put(engine, 'm', `SELECT '${date}' AS d, 1 AS x`, { partition: { date } });
    }
    expect(await ask(engine, 'SELECT d, x FROM m ORDER BY d')).toEqual([
      ['2001-01', 1],
      ['2001-02', 1],
    ]);
    const one = await engine.relation({ asset: 'm', partitions: [{ date: '2001-02' }] });
    expect(await ask(engine, `SELECT d FROM ${one}`)).toEqual([['2001-02']]);
    await expect(engine.relation({ asset: 'm', partitions: [{ date: '2009-09' }] })).rejects.toMatchObject({
      code: 'VP_DUCKDB_SNAPSHOT_MISSING',
    });
  });
});

test('no partitions are no rows of the columns that are named, and an error where none are', async () => {
  const { engine } = openEngine();
  const schema = fields({ id: { kind: 'int64' }, cost: { kind: 'decimal', precision: 12, scale: 2 } });
  const none = { asset: 'm', partitions: [], schema };
  expect(
    await ask(engine, `SELECT count(*), sum(id), typeof(max(cost)) FROM ${await engine.relation(none)}`),
  ).toEqual([[0n, null, 'DECIMAL(12,2)']]);
  for (const format of ['rows', 'parquet', 'csv', 'relation']) {
    const { payload, close } = await engine.read({ ...none, format }, context());
    expect(payload).toMatchObject({ format, schema });
    if (payload.carrier === 'files') expect(payload.files).toHaveLength(1);
    await close();
  }
  await expect(engine.relation({ asset: 'm', partitions: [] })).rejects.toMatchObject({
    code: 'VP_DUCKDB_SNAPSHOT_MISSING',
  });
});

describe('history', () => {
  test('past snapshots are read and restored', async () => {
    const { engine, project } = openEngine();
    const first = await put(engine, 'a', 'SELECT 1 AS x');
    const second = await put(engine, 'a', 'SELECT 2 AS x');
    expect((await engine.history({ asset: 'a' })).map((s) => s.id)).toEqual([second.id, first.id]);
    const old = await engine.relation({ asset: 'a', snapshot: first.id });
    expect(await ask(engine, `FROM ${old}`)).toEqual([[1]]);
    await engine.restore({ asset: 'a' }, first.id);
    expect(await ask(engine, 'FROM a')).toEqual([[1]]);
    expect(await reopen(project).snapshots(['a'])).toMatchObject([{ id: first.id }]);
    await expect(engine.restore({ asset: 'a' }, `${first.id.slice(0, -1)}x`)).rejects.toThrow(/Did you mean/);
  });

  test('a pointer that is no record is an error that names the file', async () => {
    const { engine, project } = openEngine();
    await put(engine, 'a', 'SELECT 1 AS x');
    const file = join(project, '.vp/data/a/_/current.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40));
    await expect(engine.snapshots()).rejects.toMatchObject({
      code: 'VP_DUCKDB_POINTER_CORRUPT',
      at: { file },
    });
  });
});

test('rows, columns of them, and files of a snapshot are read', async () => {
  const { engine } = openEngine();
  await put(
    engine,
    'a',
    "SELECT i::INTEGER AS id, CASE WHEN i = 2 THEN NULL ELSE 'text ' || i END AS t FROM range(3) r(i)",
  );
  const rows = await engine.read({ asset: 'a', format: 'rows', columns: ['t', 'id'] }, context());
  if (rows.payload.carrier !== 'rows') throw new Error('rows expected');
  expect(await rowsOf(rows.payload)).toEqual([
    ['text 0', 0],
    ['text 1', 1],
    [null, 2],
  ]);
  await rows.close();
  const parquet = await engine.read({ asset: 'a', format: 'parquet' }, context());
  expect(parquet.payload).toMatchObject({ carrier: 'files', format: 'parquet', estimatedRows: 3 });
  const csv = await engine.read({ asset: 'a', format: 'csv' }, context());
  if (csv.payload.carrier !== 'files') throw new Error('files expected');
  expect(readFileSync(csv.payload.files[0]?.uri ?? '', 'utf8')).toBe('id,t\n0,text 0\n1,text 1\n2,\n');
  await csv.close();
  await expect(engine.read({ asset: 'a', format: 'rows', columns: ['idd'] }, context())).rejects.toThrow(
    /Did you mean "id"/,
  );
});

test('CSV files with a stated dialect become a snapshot', async () => {
  const { engine, project } = openEngine();
  const uri = join(project, 'o.csv');
  writeFileSync(uri, 'id;name\n1;"a;b"\n2;\n3;""\n');
  const schema = fields({ id: { kind: 'int64' }, name: { kind: 'utf8' } });
  const csv = { delimiter: ';', quote: '"', escape: '"', header: true, nullText: '' };
  const staged = await stageParts(engine, [
    { carrier: 'files', format: 'csv', csv, files: [{ uri }], schema },
  ]);
  await staged.commit(meta());
  expect(await ask(engine, 'FROM a ORDER BY id')).toEqual([
    [1n, 'a;b'],
    [2n, null],
    [3n, ''],
  ]);
});
