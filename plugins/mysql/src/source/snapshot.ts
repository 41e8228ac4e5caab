import { type CallContext, isVpError } from '@vp/plugin-sdk';
import type { Server, Session } from '../connection/server.ts';

const begin = 'start transaction with consistent snapshot, read only';

/** Seconds that writers of the server may have to wait for the lock that makes several snapshots one. */
const patience = 1;

/**
 * Begins a snapshot in each of several connections that are all of the same moment, or of one only, where the
 * server does not let them be. MariaDB says at which place of its binlog a snapshot is: equal places are
 * equal snapshots, and nobody has to be locked out. Otherwise a read lock over all tables is held while the
 * snapshots begin, if the user may and if it is to be had within a second.
 */
export async function beginSnapshots(init: {
  readonly server: Server;
  readonly session: Session;
  readonly count: number;
  readonly context: CallContext;
}): Promise<readonly Session[]> {
  const { server, session, count, context } = init;
  if (count === 1) {
    await session.query(begin);
    return [session];
  }
  const others = await Promise.all(
    Array.from({ length: count - 1 }, () => server.open(context, { readOnly: true })),
  );
  const all = [session, ...others];
  try {
    if (session.flavour.isMaria && (await beginAtOnePlace(all))) return all;
    if (await beginUnderLock({ server, context, all })) return all;
  } catch (error) {
    await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
    throw error;
  }
  await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
  await session.query(begin);
  return [session];
}

async function beginAtOnePlace(all: readonly Session[]): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const places = await Promise.all(
      all.map(async (each) => {
        await each.query(begin);
        const rows = await each.query(`show status like 'binlog\\_snapshot\\_%'`);
        return rows.map(({ Variable_name: name, Value: value }) => `${name}=${value}`).join();
      }),
    );
    if (/_position=[1-9]/i.test(places[0] ?? '') && new Set(places).size === 1) return true;
    await Promise.all(all.map((each) => each.query('rollback')));
    // Without a binlog there is no place to compare.
    if (!/_position=[1-9]/i.test(places[0] ?? '')) return false;
  }
  return false;
}

async function beginUnderLock(init: {
  readonly server: Server;
  readonly context: CallContext;
  readonly all: readonly Session[];
}): Promise<boolean> {
  await using locker = await init.server.open(init.context);
  await locker.query(`set session lock_wait_timeout = ${patience}`);
  try {
    await locker.query('flush tables with read lock');
  } catch (error) {
    const isRefusal = isVpError(error) && /^VP_MYSQL_(DENIED|LOCKED|READ_ONLY|QUERY)$/.test(error.code);
    if (isRefusal) return false;
    throw error;
  }
  await Promise.all(init.all.map((each) => each.query(begin)));
  await locker.query('unlock tables');
  return true;
}
