import {
  type CallContext,
  isVpError,
  type JsonObject,
  type ReadRequest,
  type Source,
  type SourceRead,
  type SourceStream,
} from '@vp/plugin-sdk';
import { describeQuery } from '../catalogue/query.ts';
import { findTable, listTables, type Relation } from '../catalogue/tables.ts';
import { serverOf } from '../config.ts';
import { checkServer } from '../connection/check.ts';
import { faultOf } from '../connection/faults.ts';
import type { Server, Session } from '../connection/server.ts';
import { parseSourceOptions } from '../options.ts';
import { readRelation } from './read.ts';
import { wantedColumns } from './select.ts';

/** MySQL as a source: tables, views and queries, whole or from a cursor on, in one snapshot. */
export function mysqlSource(server: Server): Source {
  const { config } = server;
  return {
    check: (context) => checkServer(server, context),
    async discover({ options }, context): Promise<readonly SourceStream[]> {
      await using session = await server.open(context, { readOnly: true });
      if (options === undefined) {
        const tables = await listTables(session, config.database);
        return tables.map((relation) => streamOf(relation, { table: relation.label }));
      }
      try {
        return [streamOf(await relationOf(session, options), options)];
      } catch (error) {
        // A table that is not there is an answer; that the server cannot be asked is none.
        if (isVpError(error) && error.code === 'VP_MYSQL_TABLE_MISSING') return [];
        throw error;
      }
    },
    async read(request: ReadRequest, context: CallContext): Promise<SourceRead> {
      const session = await server.open(context, { readOnly: true });
      try {
        const relation = await relationOf(session, request.options);
        return await readRelation({ server, session, relation, request, context });
      } catch (error) {
        await session[Symbol.asyncDispose]();
        context.signal.throwIfAborted();
        throw faultOf(error, config);
      }
    },
  };

  async function relationOf(session: Session, options: JsonObject): Promise<Relation> {
    const { table, query } = parseSourceOptions(options);
    try {
      return table === undefined
        ? await describeQuery(session, query ?? '')
        : await findTable(session, table, config.database);
    } catch (error) {
      throw faultOf(error, config);
    }
  }

  function streamOf(relation: Relation, options: JsonObject): SourceStream {
    const parsed = parseSourceOptions(options);
    const columns = wantedColumns(relation, parsed, undefined);
    const { estimatedRows, estimatedBytes, comment, key } = relation;
    return {
      options,
      name: relation.label === 'a query' ? `a query of ${serverOf(config)}` : relation.label,
      schema: { fields: columns.map(({ field }) => field), ...(key.length === 0 ? {} : { key }) },
      ...(estimatedRows === undefined ? {} : { estimatedRows }),
      ...(estimatedBytes === undefined ? {} : { estimatedBytes }),
      ...(comment === undefined ? {} : { description: comment }),
      formats: ['rows'],
      bounded: true,
      cursors: columns.filter(({ field }) => !field.nullable).map(({ field }) => field.name),
    };
  }
}
