import type {
  CallContext,
  CheckReport,
  JsonObject,
  Sink,
  SinkFit,
  SinkTable,
  SinkWriter,
  WriteRequest,
} from '@vp/plugin-sdk';
import { checkServer } from '../connection/check.ts';
import type { Server } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { parseTable, type TableName } from '../names.ts';
import { parseSinkOptions } from '../options.ts';
import { lastCommit } from './commits.ts';
import { formatsFor } from './load.ts';
import { removeDeadStages } from './stage.ts';
import { existingTable, fitColumns } from './target.ts';
import { openWriter } from './writer.ts';

/** PostgreSQL tables as a sink: staged, then committed with what was committed in one transaction. */
export function postgresSink(server: Server): Sink {
  return {
    check: (context: CallContext): Promise<CheckReport> => checkServer(server, context),
    async inspect({ options, feed = '' }, context): Promise<SinkTable> {
      const target = targetOf(options);
      await using session = await server.open(context);
      const existing = await existingTable(session, target);
      const committed = await lastCommit(session, target, { feed });
      return {
        location: `${target.schema}.${target.table}`,
        exists: existing !== undefined,
        formats: ['postgres-copy', 'csv', 'rows'],
        evolves: ['column.added', 'column.removed', 'column.renamed', 'column.retyped', 'column.nullable'],
        ...(existing === undefined
          ? {}
          : { schema: { fields: existing.columns.map(({ field }) => field), key: existing.key } }),
        // The table may have been dropped by somebody else: then nothing of it is there any more.
        ...(committed === undefined || existing === undefined ? {} : { committed }),
      };
    },
    async fit({ options, schema, mode }, context): Promise<SinkFit> {
      const target = targetOf(options);
      await using session = await server.open(context);
      const stays = mode === 'replace' ? undefined : await existingTable(session, target);
      const columns = await fitColumns(session, schema, stays);
      const natives = schema.fields.map(({ nativeType }) => nativeType);
      return { columns, formats: formatsFor(columns, natives) };
    },
    async open(request: WriteRequest, context: CallContext): Promise<SinkWriter> {
      const target = targetOf(request.options);
      const { mode, key = [], schema } = request;
      if (mode === 'merge') {
        if (key.length === 0)
          throw errors.VP_POSTGRES_OPTION({ problem: 'Mode merge needs the `key` of a row' });
        const unknown = key.find((name) => !schema.fields.some((field) => field.name === name));
        if (unknown !== undefined)
          throw errors.VP_POSTGRES_OPTION({ problem: `The key "${unknown}" is no column of the data` });
      }
      return openWriter({ server, target, request, context });
    },
    async recover({ options }, context): Promise<readonly string[]> {
      await using session = await server.open(context);
      return await removeDeadStages(session, targetOf(options));
    },
  };
}

const targetOf = (options: JsonObject): TableName => parseTable(parseSinkOptions(options).table);
