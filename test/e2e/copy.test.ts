import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasPostgres, openDatabase, server } from '../connectors/lib.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

const root = dirname(dirname(import.meta.dirname));
let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'shop');
  mkdirSync(join(cwd, 'data'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'));
  const plugins = ['files', 'postgres', 'duckdb'].map(
    (name) => `[plugins."@vp/${name}"]\nversion = "^1.0.0"\ngrants = "all"\n`,
  );
  writeFileSync(join(cwd, 'vp.toml'), `[project]\nname = "shop"\n\n${plugins.join('\n')}`);
  writeFileSync(join(cwd, 'data/orders.csv'), 'id,name,amount\n1,plain,1.50\n2,"a,""b""",-0.25\n');
});
afterAll(() => dispose());

test('files are copied to files, and nothing that is there is overwritten unasked', async () => {
  const first = await vpJson<{ rows: number; path: string }>(['copy', 'data/orders.csv', 'out/o.parquet'], {
    cwd,
  });
  expect(first.data).toMatchObject({ rows: 2, path: 'files csv -> parquet (native)' });
  const again = await vp(['copy', 'data/orders.csv', 'out/o.parquet'], { cwd });
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('VP_COPY_MODE_NEEDED');
  const back = await vp(['copy', 'out/o.parquet', 'out/o.csv'], { cwd });
  expect(back.code, back.stderr).toBe(0);
  expect(readFileSync(join(cwd, 'out/o.csv'), 'utf8')).toBe(
    'id,name,amount\n1,plain,1.5\n2,"a,""b""",-0.25\n',
  );
});

test('a dry run says how each column arrives, and does nothing', async () => {
  const { stdout, code } = await vp(['copy', 'data/orders.csv', 'out/dry.parquet', '--dry-run'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('files csv -> parquet (native)');
  expect(stdout).toMatch(/amount +DOUBLE +float64 +float64 +DOUBLE +exact/);
  const after = await vp(['copy', 'out/dry.parquet', 'out/x.csv'], { cwd });
  expect(after.code).not.toBe(0);
});

test.each([
  ['a file of a kind that nobody knows', ['copy', 'data/orders.xyz', 'o.parquet'], 'VP_COPY_END_UNKNOWN'],
  ['a scheme that nobody knows', ['copy', 'oracle://h/d#t', 'o.parquet'], 'VP_COPY_SCHEME_UNKNOWN'],
  ['a URL without a table', ['copy', 'postgres://h/d', 'o.parquet'], 'VP_COPY_URL'],
])('%s is told by name', async (_what, args, code) => {
  const { stderr } = await vp(args, { cwd });
  expect(stderr).toContain(code);
});

test.skipIf(!hasPostgres)(
  'a database is copied into by URL, then only what is new; the password is never shown',
  async () => {
    const database = 'copy';
    const db = await openDatabase(database);
    const { host, port, user, password } = server;
    const url = `postgres://${user}:${password}@${host}:${port}/${database}`;
    const load = await vp(['copy', 'data/orders.csv', `${url}#public.orders`], { cwd });
    expect(load.code, load.stderr).toBe(0);
    await db.query('alter table orders add primary key (id)');
    const copy = ['copy', `${url}#orders`, `${url}#lake`, '--cursor', 'id', '--mode', 'append', '--json'];
    const rows = async () => JSON.parse((await vp(copy, { cwd })).stdout).rows;
    expect(await rows()).toBe(2);
    expect(await rows()).toBe(0);
    await db.query(`insert into orders values (3, 'new', 1)`);
    expect(await rows()).toBe(1);
    const count = await db.query('select count(*)::int as n from lake');
    expect(count.rows).toEqual([{ n: 3 }]);
    const typo = await vp(['copy', `${url}#ordres`, 'out/typo.parquet'], { cwd });
    expect(typo.stderr).toContain('Did you mean "orders"?');
    for (const text of [load.stdout, load.stderr, typo.stderr]) expect(text).not.toContain(password);
    const { rows: feeds } = await db.query('select feed, meta from _vp_commits');
    expect(JSON.stringify(feeds)).not.toContain(password);
    await db.end();
  },
);

test.skipIf(!hasPostgres)('connections are tested and asked what they have', async () => {
  const database = 'discover';
  const db = await openDatabase(database);
  await db.query(
    `create table orders (id bigint primary key, note text); comment on table orders is 'What was sold'`,
  );
  await db.end();
  const { host, port, user, password } = server;
  const shop = { use: 'postgres', host, port, user, password, database };
  const set = Object.entries(shop).flatMap(([key, value]) => ['--set', `connections.shop.${key}=${value}`]);
  const fine = await vp(['connections', 'test', 'shop', ...set], { cwd });
  expect(fine.stdout).toMatch(/^ok +connection shop: PostgreSQL \d+/m);
  expect(fine.code).toBe(0);
  const wrong = await vp(['connections', 'test', ...set, '--set', 'connections.shop.port=1'], { cwd });
  expect(wrong.code).toBe(4);
  expect(wrong.stdout).toContain('VP_POSTGRES_REFUSED');
  const found = await vp(['discover', 'shop', '--columns', ...set], { cwd });
  expect(found.stdout).toMatch(/public\.orders .*id +What was sold/);
  expect(found.stdout).toMatch(/note +utf8\? +text/);
  const typo = await vp(['discover', 'shpo', ...set], { cwd });
  expect(typo.code).toBe(2);
  expect(typo.stderr).toContain('Did you mean "shop"?');
});
