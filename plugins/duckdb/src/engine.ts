import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  type CallContext,
  type Clock,
  type Engine,
  type EngineQuery,
  formatPartition,
  type Paths,
  type SnapshotRead,
} from '@vp/plugin-sdk';
import { type DuckdbConfig, toSettings } from './config.ts';
import { errors } from './errors.ts';
import { createDatabase, type Session } from './native/database.ts';
import { toVpError } from './native/native-error.ts';
import { queryInputs, queryText } from './read/query.ts';
import {
  asCopiedFiles,
  asOwnFiles,
  asRelation,
  asRows,
  isFileFormat,
  isWholeSnapshot,
  offers,
} from './read/read-snapshot.ts';
import { relationOf } from './sql/relation.ts';
import { type RenderedSql, renderSql } from './sql/render.ts';
import { createViews } from './sql/views.ts';
import { pickFields } from './stage/project.ts';
import { accepts, stagePayload } from './stage/stage-payload.ts';
import { stageQuery } from './stage/stage-query.ts';
import { createStaged } from './stage/staged.ts';
import { pruneTarget } from './storage/garbage.ts';
import { createPins } from './storage/pins.ts';
import { type StoredSnapshot, toSnapshot } from './storage/record.ts';
import { collectLeftovers, createScratch } from './storage/scratch.ts';
import { createSnapshotStore, describeTarget } from './storage/snapshot-store.ts';

/** The embedded engine: SQL by DuckDB, snapshots as Parquet files below `.vp/data`. */
export function createDuckdbEngine(options: {
  readonly config: DuckdbConfig;
  readonly paths: Paths;
  readonly clock: Clock;
}): Engine {
  const { paths, clock } = options;
  const settings = toSettings(options.config, paths);
  const tmp = join(paths.state, 'tmp');
  const scratch = createScratch(tmp);
  const store = createSnapshotStore(join(paths.state, 'data'));
  const database = createDatabase({ settings, scratch });
  const views = createViews();
  const pins = createPins();
  let cleaning: Promise<unknown> | undefined;

  /** What a read means: the snapshots that it is about. @throws VpError when there is none */
  function resolve(read: SnapshotRead): readonly StoredSnapshot[] {
    const { asset, partitions, snapshot, schema } = read;
    if (snapshot !== undefined) {
      const targets =
        partitions === undefined ? [{ asset }] : partitions.map((partition) => ({ asset, partition }));
      const all = targets.flatMap((target) => store.history(target));
      const found = all.filter((s) => s.record.snapshot.id === snapshot);
      if (found.length > 0) return found;
      const known = all.map((s) => s.record.snapshot.id);
      throw errors.VP_DUCKDB_SNAPSHOT_MISSING({ what: asset, snapshot, known });
    }
    const current = store.current(asset);
    if (partitions === undefined) {
      if (current.length > 0) return current;
      throw errors.VP_DUCKDB_SNAPSHOT_MISSING({ what: asset, known: [] });
    }
    if (partitions.length === 0 && schema === undefined) {
      throw errors.VP_DUCKDB_SNAPSHOT_MISSING({ what: asset, known: [] });
    }
    const byKey = new Map(current.map((s) => [formatPartition(s.record.snapshot.partition ?? {}), s]));
    return partitions.map((partition) => {
      const found = byKey.get(formatPartition(partition));
      if (found !== undefined) return found;
      throw errors.VP_DUCKDB_SNAPSHOT_MISSING({ what: describeTarget({ asset, partition }), known: [] });
    });
  }

  /** The query's inputs pinned, and its text filled in with views over them. */
  async function prepareInputs(
    session: Session,
    query: EngineQuery,
  ): Promise<{ sql: RenderedSql; unpin: () => void }> {
    const relations: Record<string, string> = {};
    const unpins: (() => void)[] = [];
    const unpin = () => {
      for (const release of unpins) release();
    };
    try {
      for (const [as, read] of Object.entries(query.inputs)) {
        const snapshots = resolve(read);
        unpins.push(pins.pin(snapshots));
        relations[as] = await views.ensure(session, as, relationOf(snapshots, read.schema?.fields));
      }
      const { sql, partition } = query;
      return { sql: renderSql({ sql, relations, ...(partition === undefined ? {} : { partition }) }), unpin };
    } catch (error) {
      unpin();
      throw error;
    }
  }

  async function onLoan<T>(
    context: CallContext,
    work: (loan: Awaited<ReturnType<typeof database.acquire>>) => Promise<T>,
  ): Promise<T> {
    const loan = await database.acquire(context.signal);
    try {
      return await work(loan);
    } catch (error) {
      loan.release('failed');
      context.signal.throwIfAborted();
      throw toVpError(error);
    }
  }

  const prune = (folder: string, keep: number) =>
    pruneTarget({
      folder,
      keep,
      graceMs: settings.graceMs,
      now: clock.now(),
      scratch,
      isPinned: pins.isPinned,
    });

  return {
    formats: { accepts, offers },

    check: async ({ signal }) => {
      const started = clock.monotonic();
      return database.use(signal, async ({ native, run }) => {
        await run('SELECT 1');
        const message = `DuckDB ${native.driver.version()}, memory ${settings.memoryLimit}, data in ${relative(paths.project, store.data)}`;
        return { ok: true, message, latencyMs: Math.round(clock.monotonic() - started) };
      });
    },

    stage: async ({ target, input, schema }, context) => {
      cleaning ??= collectLeftovers(tmp, clock.now());
      await cleaning;
      const folder = await scratch.folder('snapshot');
      try {
        const data = await database.use(context.signal, async (session) => {
          if (input.kind === 'payload') {
            const { parts } = input;
            return stagePayload({ session, database, settings, folder, context, parts, schema });
          }
          const progress = (fraction: number) => context.progress({ fraction, activity: 'computing' });
          const { sql, unpin } = await prepareInputs(session, input.query);
          try {
            return await stageQuery({ session, database, settings, sql, schema, folder, progress });
          } finally {
            unpin();
          }
        });
        return await createStaged({
          target,
          data,
          folder,
          now: clock.now(),
          store,
          afterCommit: (home) => prune(home, settings.keepSnapshots),
        });
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },

    query: (request, context) =>
      onLoan(context, async (loan) => {
        if ('text' in request) {
          const roots = [paths.project, paths.state];
          return queryText({ loan, pin: pins.pin, text: request.text, store, views, roots });
        }
        const { sql, unpin } = await prepareInputs(loan.session, request);
        try {
          return await queryInputs({ loan, pin: pins.pin, sql, onClose: unpin });
        } catch (error) {
          unpin();
          throw error;
        }
      }),

    relation: async (read) => relationOf(resolve(read), read.schema?.fields),

    read: async (request, context) => {
      const snapshots = resolve(request);
      const schema = snapshots.at(-1)?.record.snapshot.schema ?? request.schema ?? { fields: [] };
      const read = { snapshots, fields: pickFields(schema, request.columns) };
      const unpin = pins.pin(snapshots);
      const kept = { close: async () => unpin() };
      try {
        switch (request.format) {
          case 'relation':
            return { payload: asRelation(read), ...kept };
          case 'rows':
            return await onLoan(context, async (loan) => {
              const { payload, close } = await asRows({ ...read, loan });
              return { payload, close: () => close().finally(unpin) };
            });
          case 'parquet':
            if (isWholeSnapshot(read)) return { payload: asOwnFiles(read), ...kept };
            break;
        }
        const { format, csv } = request;
        if (!isFileFormat(format)) throw errors.VP_DUCKDB_FORMAT_UNSUPPORTED({ format, offers });
        const own = request.directory === undefined ? await scratch.folder('read') : undefined;
        const directory = request.directory ?? own ?? tmp;
        const payload = await database.use(context.signal, (session) =>
          asCopiedFiles({ ...read, session, settings, format, csv, directory }),
        );
        const close = async () => {
          unpin();
          if (own !== undefined) await rm(own, { recursive: true, force: true });
        };
        return { payload, close };
      } catch (error) {
        unpin();
        throw error;
      }
    },

    snapshots: (assets) => store.snapshots(assets),
    history: async (target) => store.history(target).map(toSnapshot),
    restore: async (target, id) => store.restore(target, id),

    collectGarbage: async ({ keep }) => {
      const removed = [...(await collectLeftovers(tmp, clock.now()))];
      for (const folder of store.targets()) removed.push(...(await prune(folder, Math.max(1, keep))));
      return removed;
    },

    [Symbol.asyncDispose]: async () => {
      database.close();
      scratch.remove();
    },
  };
}
