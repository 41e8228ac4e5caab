import { relative } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitCodes } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';

export default class PluginsConformance extends VpCommand {
  static override summary = 'Prove a plugin by the laws of what it contributes to';
  static override group = 'Plugins';
  static override description =
    'Runs the conformance kits on the subjects of conformance.ts, and writes conformance.json, with the digest of the files that it is about, and conformance.svg. The name of an installed plugin runs what it ships, and compares: nothing is written.';
  static override examples = [
    'vp plugins conformance',
    'vp plugins conformance ./acme-weather --law S07',
    'vp plugins conformance @acme/weather',
  ];
  static override args = {
    plugin: Args.string({
      default: '.',
      description: 'Its folder, or the name of a plugin that the project uses',
    }),
  };
  static override flags = {
    law: Flags.string({
      summary: 'Only this law; the report is left as it is',
      helpValue: 'id',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'dry-run': Flags.boolean({ char: 'n', summary: 'Run everything and write nothing' }),
    project: projectFlags.project,
  };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsConformance);
    const { findPlugin } = await import('../../plugin-kit/find-plugin.ts');
    const { newerSource } = await import('../../plugin-kit/subjects.ts');
    const { provePlugin, shippedReportHolds, writeProof } = await import('../../plugin-kit/prove.ts');
    const { headingOf, lawLine, proofSummary } = await import('../../plugin-kit/proof-view.ts');
    const { listenForInterrupts } = await import('../../shell/interrupts.ts');
    const { output } = this;
    const { plugin, installed } = await findPlugin(args.plugin, flags.project);
    const newer = installed ? undefined : newerSource(plugin);
    if (newer !== undefined)
      output.note(`warning: ${newer} is newer than ${plugin.package.vp.entry}. Build first: npm run build`);

    const interrupts = listenForInterrupts(output);
    let heading = '';
    const proof = await provePlugin({
      plugin,
      laws: flags.law,
      signal: interrupts.signal,
      onLaw(told) {
        const next = headingOf(told.of);
        if (next !== heading) output.print(`${heading === '' ? '' : '\n'}${output.style('bold', next)}`);
        heading = next;
        output.print(lawLine(told, output.style));
      },
    }).finally(() => interrupts.stop());

    output.print();
    output.print(proofSummary(proof, output.style));
    const writes = !installed && !flags['dry-run'] && flags.law === undefined;
    const files = writes ? writeProof(plugin, proof) : [];
    if (files.length > 0) output.print(`wrote ${files.map((file) => relative('.', file)).join(', ')}`);
    const holds = installed && flags.law === undefined ? shippedReportHolds(plugin, proof) : undefined;
    if (holds !== undefined)
      output.print(
        holds ? 'The report that it ships says the same.' : 'The report that it ships says otherwise.',
      );
    const { report, badge, untested, unknown, laws, ok } = proof;
    const data = {
      ...report,
      directory: plugin.directory,
      ...(badge === undefined ? {} : { badge }),
      untested,
      unknown,
      broken: laws.flatMap(({ of, law }) => (law.outcome === 'failed' ? [{ ...of, ...law }] : [])),
      ...(holds === undefined ? {} : { shippedReportHolds: holds }),
      files,
    };
    return { data, exitCode: ok && holds !== false ? exitCodes.ok : exitCodes.data };
  }
}
