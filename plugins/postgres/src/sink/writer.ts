import {
  admitCommit,
  type CallContext,
  type CommitMeta,
  type Payload,
  type SinkWriter,
  type TransferStats,
  type WriteRequest,
} from '@vp/plugin-sdk';
import { faultOf } from '../connection/faults.ts';
import type { Server, Session } from '../connection/server.ts';
import { quoteTable, quoteText, type TableName } from '../names.ts';
import { ensureCommits, lastCommit, writeCommit } from './commits.ts';
import { load } from './load.ts';
import { publishStage } from './publish.ts';
import { claimStage, stageComment, stageOf } from './stage.ts';
import { columnsSql, existingTable, fitColumns } from './target.ts';

/**
 * A write under way: rows go into a staging table, one connection for each part, and become visible in
 * the transaction that also writes down what was committed.
 */
export async function openWriter(init: {
  readonly server: Server;
  readonly target: TableName;
  readonly request: WriteRequest;
  readonly context: CallContext;
}): Promise<SinkWriter> {
  const { server, target, request, context } = init;
  const { schema, token, feed = '' } = request;
  const location = `${target.schema}.${target.table}`;
  const stage = stageOf(target, feed, token);
  const main = await server.open({ ...context, signal: new AbortController().signal });
  let own: string | undefined;
  let stats: TransferStats = { rows: 0, bytes: 0 };
  let isStaged = false;

  const guarded = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf(error, server.config);
    }
  };

  async function prepare(): Promise<void> {
    const kept = request.mode === 'replace' ? undefined : await existingTable(main, target);
    const fits = await fitColumns(main, schema, kept);
    await claimStage(main, stage);
    const isKept = request.mode === 'replace' || kept === undefined;
    const columns = columnsSql(schema, fits, undefined);
    await main.query(`create ${isKept ? '' : 'unlogged '}table ${quoteTable(stage.name)} (${columns})`);
    await main.query(
      `comment on table ${quoteTable(stage.name)} is ${quoteText(stageComment(target.table))}`,
    );
    isStaged = true;
  }

  try {
    await guarded(context.signal, async () => {
      await ensureCommits(main, target.schema);
      await prepare();
    });
  } catch (error) {
    await main[Symbol.asyncDispose]();
    throw error;
  }

  return {
    write: (payload: Payload, call: CallContext) =>
      guarded(call.signal, async () => {
        if (!isStaged) await prepare();
        await using session = await server.open(call);
        const part = await load({ session, table: stage.name, payload, context: call });
        stats = { rows: stats.rows + part.rows, bytes: (stats.bytes ?? 0) + (part.bytes ?? 0) };
        return part;
      }),
    commit: (meta: CommitMeta, call: CallContext) =>
      guarded(call.signal, async () => {
        const isDone = await inTransaction(main, async () => {
          const found = await lastCommit(main, target, { feed, lock: true });
          const verdict = admitCommit({ request, meta, found: found?.token, own, location });
          if (verdict === 'done') return true;
          const existing = await existingTable(main, target);
          const stays = request.mode === 'replace' ? undefined : existing;
          const fits = await fitColumns(main, schema, stays);
          await publishStage({ session: main, stage, target, existing, request, schema, fits });
          await main.query(`drop table if exists ${quoteTable(stage.name)}`);
          await writeCommit(main, target, { feed, meta });
          return false;
        });
        // What was committed before is not committed again: the stage is dropped with the writer.
        isStaged = isDone;
        own = meta.token;
        const done = stats;
        stats = { rows: 0, bytes: 0 };
        return { location, stats: done };
      }),
    async close() {
      try {
        if (isStaged) await main.query(`drop table if exists ${quoteTable(stage.name)}`);
      } finally {
        await main[Symbol.asyncDispose]();
      }
    },
  };
}

async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('begin');
  try {
    const result = await work();
    await session.query('commit');
    return result;
  } catch (error) {
    await session.query('rollback').catch(() => {
      // The connection is gone, and the transaction with it.
    });
    throw error;
  }
}
