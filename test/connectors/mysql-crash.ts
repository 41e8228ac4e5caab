import { payloadFromRows, type Row, type Sink, t, toTableSchema, type WriteMode } from '@vp/plugin-sdk';
import { type TestKernel, testContext } from '@vp/plugin-sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasMariaDb, kernelOf, openDatabase, openSink, server, type TestDatabase } from './mysql-lib.ts';
import { startProxy, type WireProxy } from './proxy.ts';

const database = 'crash';
let db: TestDatabase;
let proxy: WireProxy;
let direct: TestKernel;
let proxied: TestKernel;

const schema = toTableSchema({ id: t.int32(), note: t.text() });
const before: readonly Row[] = [1, 2, 3].map((id) => ({ id, note: 'old' }));
const sent: readonly Row[] = [3, 4].map((id) => ({ id, note: 'new' }));

async function attempt(sink: Sink, mode: WriteMode, basedOn: string | null): Promise<void> {
  const options = { table: 'target' };
  const key = mode === 'merge' ? { key: ['id'] } : {};
  const request = { options, schema, mode, ...key, format: 'rows', token: 'two', basedOn };
  const writer = await sink.open(request, testContext());
  try {
    await writer.write(payloadFromRows(sent, schema), testContext());
    const meta = {
      runId: 'r',
      stepId: 's',
      token: 'two',
      fingerprint: 'f',
      inputs: {},
      state: { cursor: 'two' },
    };
    await writer.commit(meta, testContext());
  } finally {
    await writer.close();
  }
}

/** Rows of the target; none when it is not there. */
const held = () =>
  db
    .query<{ id: number; note: string }>('select id, note from target order by id, note')
    .catch((error: Error) => (/doesn't exist/.test(error.message) ? [] : Promise.reject(error)));

/** A commit of no rows, before. */
async function commitOne(sink: Sink): Promise<void> {
  const request = {
    options: { table: 'target' },
    schema,
    mode: 'append',
    format: 'rows',
    token: 'one',
  } as const;
  const writer = await sink.open(request, testContext());
  await writer.commit({ runId: 'r', stepId: 's', token: 'one', fingerprint: 'f', inputs: {} }, testContext());
  await writer.close();
}

/** The server has noticed who is gone, and has ended what it was at. */
const quiet = () =>
  expect
    .poll(
      async () =>
        (
          await db.query(
            `select id from information_schema.processlist where db = '${database}' and id <> connection_id()`,
          )
        ).length,
      { interval: 5, timeout: 10_000 },
    )
    .toBe(0);

const expected: Readonly<Record<WriteMode, readonly object[]>> = {
  replace: [...sent],
  append: [...before, ...sent].toSorted((a, b) => Number(a.id) - Number(b.id) || (a.note === 'new' ? -1 : 1)),
  merge: [...before.slice(0, 2), ...sent],
};

/**
 * Cuts a writer off at every `step`th message that it sends, once before the server gets it and once before its
 * answer comes back: all or nothing is there, data and commit alike, and the next attempt ends it.
 *
 * @param cuts how many there are at least
 */
export function cutAtMessages({ step, cuts: least }: { readonly step: number; readonly cuts: number }): void {
  beforeAll(async () => {
    if (!hasMariaDb) return;
    db = await openDatabase(database);
    proxy = await startProxy(server);
    direct = await kernelOf(database);
    proxied = await kernelOf(database, { port: proxy.port, tls: 'disable' });
  });
  afterAll(async () => {
    await direct?.[Symbol.asyncDispose]();
    await proxied?.[Symbol.asyncDispose]();
    await proxy?.close();
    db?.end();
  });

  describe.skipIf(!hasMariaDb)('a writer that loses its server at any message', () => {
    test.each<[string, WriteMode, string]>([
      ['replace by a swap', 'replace', ''],
      [
        'replace by an exchange of rows',
        'replace',
        'create trigger hung after insert on target for each row set @n = 1',
      ],
      ['append', 'append', ''],
      ['merge', 'merge', ''],
      ['append to a table that is new', 'append', 'drop table target'],
      ['merge into a table that is new', 'merge', 'drop table target'],
    ])(
      '%s: all or nothing, data and commit alike, and the next attempt ends it',
      { timeout: 120_000 },
      async (_name, mode, extra) => {
        const sink = await openSink(direct);
        const broken = await openSink(proxied);
        const isNew = extra.startsWith('drop');
        const [old, done] = isNew ? [[], sent] : [before, expected[mode]];
        const basedOn = isNew ? null : 'one';
        let cuts = 0;
        let found = { old: 0, new: 0 };
        for (const lost of ['request', 'answer'] as const) {
          for (let message = 1 + Math.floor(Math.random() * step); ; message += step) {
            await db.query(
              `drop table if exists _vp_commits, target; create table target (id int not null, note longtext not null, key (id)) engine = InnoDB;
           insert into target values (1, 'old'), (2, 'old'), (3, 'old'); ${extra}`,
            );
            await sink.recover?.({ options: { table: 'target' } }, testContext());
            if (!isNew) await commitOne(sink);
            proxy.cutAt(message, lost);
            await attempt(broken, mode, basedOn).catch(() => undefined);
            const wasCut = proxy.wasCut();
            proxy.cutAt(Number.POSITIVE_INFINITY, lost);
            await quiet();
            const { committed } = await sink.inspect({ options: { table: 'target' } }, testContext());
            const where = `${lost} ${message} lost`;
            expect(committed?.token, where).toBeOneOf([basedOn ?? undefined, 'two']);
            expect(await held(), where).toEqual(committed?.token === 'two' ? done : old);
            found =
              committed?.token === 'two'
                ? { ...found, new: found.new + 1 }
                : { ...found, old: found.old + 1 };
            if (!wasCut) break;
            cuts += 1;

            await attempt(sink, mode, basedOn);
            await sink.recover?.({ options: { table: 'target' } }, testContext());
            expect(await held(), where).toEqual(done);
            const left = await db.query<{ t: string }>(
              `select table_name as t from information_schema.tables where table_schema = '${database}' and table_name like '\\_vp\\_stage%'`,
            );
            expect(left, where).toEqual([]);
          }
        }
        // Both outcomes were seen, and more than the commit was cut.
        expect(found.old).toBeGreaterThan(0);
        expect(found.new).toBeGreaterThan(0);
        expect(cuts).toBeGreaterThanOrEqual(least);
      },
    );
  });
}
