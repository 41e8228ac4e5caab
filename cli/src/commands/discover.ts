import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { formatType, points, type Source, type SourceStream } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { bytes, count, plural } from '../ui/format.ts';
import { type Cell, table } from '../ui/table.ts';

export default class Discover extends VpCommand {
  static override summary = 'What a connection has: tables, their columns, keys and sizes';
  static override group = 'Data';
  static override examples = ['vp discover shop', "vp discover shop --match 'sales.*' --columns"];
  static override args = {
    connection: Args.string({ required: true, description: 'Its name in [connections] of vp.toml' }),
  };
  static override flags = {
    match: Flags.string({
      char: 'm',
      summary: 'Only names like this; * stands for anything',
      helpValue: 'pattern',
    }),
    columns: Flags.boolean({ char: 'c', summary: 'Show the columns too' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(Discover);
    const { openSession } = await import('../shell/session.ts');
    const { findConnection } = await import('../shell/connections.ts');
    await using session = await openSession({ flags, output: this.output });
    const { kernel } = session;
    const { use } = findConnection(kernel, args.connection);
    kernel.host.contribution('source', use);
    const source: Source = await kernel.host.instance(points.source, use, args.connection);
    const streams = await source.discover({}, kernel.callContext(session.signal));
    const like = new RegExp(`^${(flags.match ?? '*').split('*').map(RegExp.escape).join('.*')}$`);
    const found = streams.filter(({ name }) => like.test(name));
    const { print, style } = this.output;
    if (found.length === 0)
      print(`${args.connection} has nothing${flags.match === undefined ? '' : ` like ${flags.match}`}.`);
    else {
      const columns = [
        { title: 'name', max: 60 },
        { title: 'rows', align: 'right' },
        { title: 'size', align: 'right' },
        { title: 'columns', align: 'right' },
        { title: 'key', max: 40 },
        { title: 'description', max: 60 },
      ] as const;
      for (const part of flags.columns ? found.map((each) => [each]) : [found]) {
        print(table({ columns, rows: part.map(cells), style }));
        if (flags.columns) print(`${columnsTable(part[0], style)}\n`);
      }
      print(style('dim', plural(found.length, 'stream')));
    }
    return { data: found };
  }
}

function cells(stream: SourceStream): (Cell | string)[] {
  const { name, schema, estimatedRows, estimatedBytes, description = '' } = stream;
  return [
    name,
    estimatedRows === undefined ? '' : `~${count(estimatedRows)}`,
    estimatedBytes === undefined ? '' : bytes(estimatedBytes),
    count(schema.fields.length),
    (schema.key ?? []).join(', '),
    { text: description, format: 'dim' },
  ];
}

function columnsTable(stream: SourceStream | undefined, style: Parameters<typeof table>[0]['style']): string {
  const rows = (stream?.schema.fields ?? []).map(
    ({ name, type, nullable, nativeType = '', description = '' }) => [
      name,
      `${formatType(type)}${nullable ? '?' : ''}`,
      { text: nativeType, format: 'dim' as const },
      { text: description, format: 'dim' as const },
    ],
  );
  const columns = [
    { title: 'column' },
    { title: 'type' },
    { title: 'there' },
    { title: 'description', max: 60 },
  ];
  return table({ columns, rows, style, indent: 2 });
}
