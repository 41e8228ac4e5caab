import { exitCodes } from '@vp/contracts';
import type { VerifyReport } from '@vp/installer';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';
import { openProject } from '../../shell/open-project.ts';
import { count, plural } from '../../ui/format.ts';
import { oneLine } from '../../ui/table.ts';

export default class PluginsVerify extends VpCommand {
  static override summary = 'Read every byte of the installed plugins and hold it against vp.lock';
  static override description =
    'Hashes of all files, signatures by the keys that vp.lock trusts, and the lists of withdrawn versions as they were last asked for. Asks no registry.';
  static override group = 'Plugins';
  static override examples = ['vp plugins verify', 'vp plugins verify --json'];
  static override flags = { project: projectFlags.project };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(PluginsVerify);
    const project = await openProject({ project: flags.project });
    const { verifyInstalled } = await import('@vp/installer');
    const report = verifyInstalled(project.dir);
    for (const line of problems(report))
      this.output.print(`${this.output.style('red', 'x')} ${oneLine(line)}`);
    const { plugins, packages, files, listsChecked } = report;
    const what = `${plural(plugins, 'plugin')}, ${plural(packages, 'package')}, ${plural(files, 'file')}`;
    const lists =
      listsChecked === undefined ? 'never asked' : `of ${listsChecked.slice(0, 16).replace('T', ' ')}`;
    if (report.ok) {
      const good = this.output.style('green', 'Verified');
      this.output.print(`${good} ${what}: all as vp.lock says. Lists of withdrawn versions: ${lists}.`);
    } else {
      this.output.print(`\n${count(problems(report).length)} problems in ${what}.`);
      this.output.note('To install what vp.lock says again: vp plugins install --frozen');
    }
    const faults = report.faults.map((fault) => fault.toJSON());
    return { data: { ...report, faults }, exitCode: report.ok ? exitCodes.ok : exitCodes.config };
  }
}

function problems(report: VerifyReport): readonly string[] {
  const { differences, drift, contradictions, faults, withdrawn } = report;
  return [
    ...differences.map(({ place, file, kind }) => {
      const path = `.vp/plugins/current/${place}${file === '' ? '' : `/${file}`}`;
      return kind === 'extra' ? `${path} was added` : `${path} is ${kind}`;
    }),
    ...drift.map(({ text }) => text),
    ...contradictions,
    ...faults.map(({ message }) => message),
    ...withdrawn.map(
      ({ key, version, reason, at }) => `${key}@${version} was withdrawn on ${at.slice(0, 10)}: ${reason}`,
    ),
  ];
}
