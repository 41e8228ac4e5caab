import type {
  CallContext,
  CheckReport,
  Sink,
  SinkFit,
  SinkTable,
  SinkWriter,
  WriteRequest,
} from '@vp/plugin-sdk';
import { checkServer } from '../connection/check.ts';
import type { Server } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { formatTable } from '../names.ts';
import { parseSinkOptions } from '../options.ts';
import { aloneAt, lastCommit, settleCommits } from './commits.ts';
import { formatsFor } from './load.ts';
import { removeDeadStages } from './stage.ts';
import { canBeSwapped, existingTable, fitColumns, targetName } from './target.ts';
import { openWriter } from './writer.ts';

/** MySQL tables as a sink: staged, then committed in one act with what was committed. */
export function mysqlSink(server: Server): Sink {
  const { database } = server.config;
  return {
    check: (context: CallContext): Promise<CheckReport> => checkServer(server, context),
    async inspect({ options, feed = '' }, context): Promise<SinkTable> {
      const { table } = parseSinkOptions(options);
      await using session = await server.open(context);
      const target = targetName(table, database, session.flavour);
      const existing = await existingTable(session, target);
      const committed = await lastCommit(session, target, feed);
      return {
        location: formatTable(target),
        exists: existing !== undefined,
        formats: session.flavour.takesLocalFiles ? ['csv', 'rows'] : ['rows'],
        evolves: ['column.added', 'column.removed', 'column.renamed', 'column.retyped', 'column.nullable'],
        ...(existing === undefined
          ? {}
          : { schema: { fields: existing.columns.map(({ field }) => field), key: existing.key } }),
        // The table may have been dropped by somebody else: then nothing of it is there any more.
        ...(committed === undefined || existing === undefined ? {} : { committed }),
      };
    },
    async fit({ options, schema, mode, key }, context): Promise<SinkFit> {
      const { table } = parseSinkOptions(options);
      await using session = await server.open(context);
      const target = targetName(table, database, session.flavour);
      const existing = await existingTable(session, target);
      const swaps = mode === 'replace' && existing !== undefined && (await canBeSwapped(session, target));
      const stays = swaps ? undefined : existing;
      const columns = fitColumns({
        flavour: session.flavour,
        schema,
        stays,
        ...(mode === 'merge' ? { key } : {}),
      });
      return { columns, formats: formatsFor(session.flavour, schema.fields, columns) };
    },
    async open(request: WriteRequest, context: CallContext): Promise<SinkWriter> {
      const { table } = parseSinkOptions(request.options);
      const { mode, key = [], schema } = request;
      if (mode === 'merge') {
        if (key.length === 0)
          throw errors.VP_MYSQL_OPTION({ problem: 'Mode merge needs the `key` of a row' });
        const unknown = key.find((name) => !schema.fields.some((field) => field.name === name));
        if (unknown !== undefined)
          throw errors.VP_MYSQL_OPTION({ problem: `The key "${unknown}" is no column of the data` });
      }
      await using session = await server.open(context);
      const target = targetName(table, database, session.flavour);
      return await openWriter({ server, target, request, context });
    },
    async recover({ options }, context): Promise<readonly string[]> {
      const { table } = parseSinkOptions(options);
      await using session = await server.open(context);
      const target = targetName(table, database, session.flavour);
      const removed = await removeDeadStages(session, target);
      if (removed.length > 0) await aloneAt(session, target, () => settleCommits(session, target));
      return removed;
    },
  };
}
