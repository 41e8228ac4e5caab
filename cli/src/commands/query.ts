import { text } from 'node:stream/consumers';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { QueryResult } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { errors } from '../shell/errors.ts';
import { rowObjects, rowsView, takeRows } from '../ui/rows-view.ts';
import { writeRows } from '../ui/rows-writer.ts';

/** More rows than anybody reads on a terminal or wants in one JSON document by accident. */
const defaultLimit = 1000;

export default class Query extends VpCommand {
  static override summary = 'Run SQL over the assets';
  static override description = 'Assets are tables: name them. Only reading statements are allowed.';
  static override group = 'Data';
  static override examples = [
    'vp query "select count(*) from orders"',
    'vp query "select * from orders" --format csv > orders.csv',
    'vp query - < report.sql',
  ];
  static override args = {
    sql: Args.string({ required: true, description: 'The statement; - reads it from standard input' }),
  };
  static override flags = {
    format: Flags.string({
      char: 'f',
      summary: 'How to print the rows',
      options: ['table', 'csv', 'json'],
      default: 'table',
    }),
    limit: Flags.integer({
      char: 'l',
      summary: `Rows at most; ${defaultLimit} for tables and --json, else all`,
      helpValue: 'rows',
      min: 1,
    }),
    engine: Flags.string({ summary: 'The engine to ask, instead of the bound one', helpValue: 'id' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Query);
    const sql = (args.sql === '-' ? await text(process.stdin) : args.sql).trim().replace(/;$/, '');
    if (sql === '') throw errors.VP_CLI_QUERY_EMPTY({});
    const { openSession } = await import('../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const engine = await session.engine(flags.engine);
    const result: QueryResult = await engine.query({ text: sql }, session.kernel.callContext(session.signal));
    if (!this.output.json && flags.format !== 'table') {
      const rows = await writeRows(result, {
        format: flags.format === 'csv' ? 'csv' : 'json',
        limit: flags.limit ?? Number.POSITIVE_INFINITY,
        redact: this.output.redact,
        out: process.stdout,
      });
      return { data: { rows } };
    }
    const taken = await takeRows(result, flags.limit ?? defaultLimit);
    this.output.print(rowsView(taken, this.output.style));
    return { data: { columns: taken.columns, rows: rowObjects(taken), truncated: taken.truncated } };
  }
}
