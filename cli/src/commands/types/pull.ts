import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { type AssetSpec, didYouMean, points, type Source, type TableSchema } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { columnsModule } from '../../shell/columns-module.ts';
import { errors } from '../../shell/errors.ts';
import type { Session } from '../../shell/session.ts';
import { plural } from '../../ui/format.ts';

export default class TypesPull extends VpCommand {
  static override summary = 'Write down the columns that sources have, for the schema of their assets';
  static override description =
    'Asks the source of each asset once and writes columns/<asset>.ts. Give it to the asset, and its row type flows to every consumer.';
  static override group = 'Project';
  static override examples = ['vp types pull raw_orders', 'vp types pull'];
  static override args = { asset: Args.string({ description: 'A source asset; all when left out' }) };
  static override flags = {
    out: Flags.string({ summary: 'Folder for the files', helpValue: 'dir', default: 'columns' }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Only print them' }),
    ...projectFlags,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(TypesPull);
    const { openSession } = await import('../../shell/session.ts');
    await using session = await openSession({ flags, output: this.output });
    const { assets } = await session.pipeline(args.asset === undefined ? undefined : [args.asset]);
    const wanted = assets.filter(({ name, compute }) =>
      args.asset === undefined ? compute.kind === 'source' : name === args.asset,
    );
    const [first] = wanted;
    if (first === undefined || first.compute.kind !== 'source') {
      throw errors.VP_CLI_NOT_A_SOURCE({
        asset: args.asset ?? '',
        suggestion: args.asset === undefined ? '' : didYouMean(args.asset, sourcesOf(assets)),
      });
    }
    const files = [];
    for (const asset of wanted) {
      const schema = await discovered(session, asset);
      const path = `${flags.out}/${asset.name}.ts`;
      const { text, exported } = columnsModule(asset.name, schema);
      if (!flags['dry-run']) {
        const file = join(session.dir, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      this.output.print(
        flags['dry-run']
          ? `// ${path}\n${text}`
          : `Wrote ${path}: ${plural(schema.fields.length, 'column')}.`,
      );
      this.output.note(
        `  import { ${exported} } from './${path}';  asset('${asset.name}', { schema: ${exported}, … })`,
      );
      files.push({ asset: asset.name, path, schema, text });
    }
    return { data: { files, dryRun: flags['dry-run'] } };
  }
}

const sourcesOf = (assets: readonly AssetSpec[]) =>
  assets.filter(({ compute }) => compute.kind === 'source').map(({ name }) => name);

async function discovered(session: Session, { name, compute }: AssetSpec): Promise<TableSchema> {
  if (compute.kind !== 'source') throw errors.VP_CLI_NOT_A_SOURCE({ asset: name, suggestion: '' });
  const { use, connection, options } = compute;
  const source: Source = await session.kernel.host.instance(points.source, use, connection);
  const [stream] = await source.discover({ options }, session.kernel.callContext(session.signal));
  if (stream === undefined) throw errors.VP_CLI_SOURCE_EMPTY({ asset: name, source: use });
  return stream.schema;
}
