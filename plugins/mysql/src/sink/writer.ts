import {
  admitCommit,
  type CallContext,
  type ColumnFit,
  type CommitMeta,
  type Payload,
  type SinkWriter,
  type TransferStats,
  type WriteRequest,
} from '@vp/plugin-sdk';
import type { Relation } from '../catalogue/tables.ts';
import { faultOf } from '../connection/faults.ts';
import type { Server } from '../connection/server.ts';
import { formatTable, quoteName, quoteTable, type TableName } from '../names.ts';
import { aloneAt, ensureCommits, lastCommit, settleCommits } from './commits.ts';
import { load } from './load.ts';
import { collationOf } from './native-ddl.ts';
import { publishStage, rowNumber } from './publish.ts';
import { claimStage, stageOf } from './stage.ts';
import { adaptSql, canBeSwapped, columnSql, existingTable, fitColumns } from './target.ts';

/**
 * A write under way: rows go into a staging table, one connection for each part, and become visible in one
 * act with what was committed.
 */
export async function openWriter(init: {
  readonly server: Server;
  readonly target: TableName;
  readonly request: WriteRequest;
  readonly context: CallContext;
}): Promise<SinkWriter> {
  const { server, target, request, context } = init;
  const { schema, token, mode, feed = '' } = request;
  const location = formatTable(target);
  const stage = stageOf(target, feed, token);
  // What must not be cut off in the middle: the signal ends the loads, and the commit before it begins.
  const main = await server.open({ signal: new AbortController().signal });
  let own: string | undefined;
  let stats: TransferStats = { rows: 0, bytes: 0 };
  let fits: readonly ColumnFit[] = [];
  let isStaged = false;
  /** The stage has the indexes of the table that is there, and may take its place. */
  let isTwin = false;
  let isClosed = false;

  const guarded = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf(error, server.config);
    }
  };

  /** The table as the stage has to match it: columns that change their type are as they will be. */
  function staysOf(existing: Relation | undefined): Relation | undefined {
    const retyped = new Set(
      (request.changes ?? []).flatMap((change) => (change.kind === 'column.retyped' ? [change.column] : [])),
    );
    if (existing === undefined || retyped.size === 0) return existing;
    return { ...existing, columns: existing.columns.filter(({ field }) => !retyped.has(field.name)) };
  }

  async function prepare(): Promise<void> {
    const { flavour } = main;
    const existing = await existingTable(main, target);
    const swaps = mode === 'replace' && existing !== undefined && (await canBeSwapped(main, target));
    const stays = swaps ? undefined : staysOf(existing);
    fits = fitColumns({ flavour, schema, stays, ...(mode === 'merge' ? { key: request.key } : {}) });
    await claimStage(main, target, stage);
    isStaged = true;
    isTwin = swaps;
    if (swaps && existing !== undefined) {
      // Indexes, defaults and comments come with it.
      await main.query(`create table ${quoteTable(stage.name)} like ${quoteTable(target)}`);
      const adapt = adaptSql(stage.name, existing.columns, schema, fits);
      if (adapt !== undefined) await main.query(adapt);
      return;
    }
    const isShort = mode !== 'replace' && existing !== undefined;
    const columns = schema.fields.map((field) => columnSql(field, isShort ? fits.map(roomy) : fits));
    const number = `${quoteName(rowNumber)} bigint unsigned not null auto_increment primary key`;
    await main.query(
      `create table ${quoteTable(stage.name)} (${[...columns, ...(mode === 'merge' ? [number] : [])].join(', ')})
         engine = InnoDB ${collationOf(flavour)}`,
    );
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
        const part = await load({ session, table: stage.name, payload, fits, context: call });
        stats = { rows: stats.rows + part.rows, bytes: (stats.bytes ?? 0) + (part.bytes ?? 0) };
        return part;
      }),
    commit: (meta: CommitMeta, call: CallContext) =>
      guarded(call.signal, async () => {
        const isDone = await aloneAt(main, target, async () => {
          await settleCommits(main, target);
          const found = await lastCommit(main, target, feed);
          if (admitCommit({ request, meta, found: found?.token, own, location }) === 'done') return true;
          if (!isStaged) await prepare();
          const existing = await existingTable(main, target);
          const swaps = isTwin && (await canBeSwapped(main, target));
          await publishStage({
            session: main,
            stage,
            target,
            existing,
            request,
            schema,
            fits,
            feed,
            meta,
            swaps,
          });
          return false;
        });
        // What was committed before is not committed again: the stage is dropped with the writer.
        if (!isDone) isStaged = false;
        own = meta.token;
        const done = stats;
        stats = { rows: 0, bytes: 0 };
        return { location, stats: done };
      }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      try {
        if (isStaged) await main.query(`drop table if exists ${quoteTable(stage.name)}`);
      } finally {
        await main[Symbol.asyncDispose]();
      }
    },
  };
}

/** A stage that only passes rows on: long texts have room beside each other in any character set. */
const roomy = (fit: ColumnFit): ColumnFit =>
  /^(var)?char\(\d{3,}\)/.test(fit.native) ? { ...fit, native: 'longtext' } : fit;
