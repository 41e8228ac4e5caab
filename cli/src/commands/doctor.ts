import { exitCodes, isVpError } from '@vp/contracts';
import { type Finding, failed, ok } from '../doctor/finding.ts';
import { checkDisk, checkNode, checkStateFolder } from '../doctor/machine.ts';
import { type Outcome, projectFlags, VpCommand } from '../shell/base-command.ts';
import { listenForInterrupts } from '../shell/interrupts.ts';
import { plural } from '../ui/format.ts';

export default class Doctor extends VpCommand {
  static override summary =
    'Look at machine, project, plugins and connections; say how to mend what is wrong';
  static override group = 'Project';
  static override examples = ['vp doctor', 'vp doctor --env prod --json'];
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(Doctor);
    const findings: Finding[] = [];
    const add = (...found: readonly Finding[]) => {
      findings.push(...found);
      for (const finding of found) this.#show(finding);
    };
    add(checkNode());
    try {
      await this.#project(flags, add);
    } catch (error) {
      add(
        failed(
          isVpError(error) && /^VP_PROJECT_(NOT_FOUND|FOLDER_MISSING)$/.test(error.code)
            ? 'project'
            : 'configuration',
          error,
        ),
      );
    }
    const errors = findings.filter((finding) => finding.status === 'error');
    const warnings = findings.filter((finding) => finding.status === 'warning').length;
    this.output.print(
      errors.length + warnings === 0
        ? '\nEverything is well.'
        : `\n${plural(errors.length, 'error')}, ${plural(warnings, 'warning')}.`,
    );
    return { data: { ok: errors.length === 0, findings }, exitCode: exitCodeOf(errors) };
  }

  async #project(
    flags: {
      readonly project?: string | undefined;
      readonly env?: string | undefined;
      readonly set?: readonly string[] | undefined;
    },
    add: (...found: readonly Finding[]) => void,
  ): Promise<void> {
    const { loadProject } = await import('../project/index.ts');
    const project = await loadProject({ from: flags.project, environment: flags.env, set: flags.set });
    const { checkInstallation, checkPending } = await import('../doctor/installation.ts');
    const { name, description } = project.config.values.project;
    add(ok('project', `${name}${description === undefined ? '' : `, ${description}`} in ${project.dir}`));
    add(await checkDisk(project.dir), ...(await checkStateFolder(project.dir)));
    const { createKernel } = await import('@vp/kernel');
    const checks = await import('../doctor/deployment.ts');
    const { hostParts } = await import('../shell/host-parts.ts');
    add(...checkPending(project.dir));
    const kernel = await createKernel({
      projectDir: project.dir,
      config: project.config,
      logLevel: 'error',
      ...hostParts({ project, note: (line) => this.output.note(line) }),
    });
    this.output.redactWith((text) => kernel.redact(text));
    const interrupts = listenForInterrupts(this.output);
    try {
      add(...checks.checkPlugins(kernel), ...checkInstallation(kernel));
      add(await checks.checkStore(kernel));
      add(await checks.checkEngine(kernel, interrupts.signal));
      add(await checks.checkPipeline(kernel, project));
      add(...(await checks.checkConnections(kernel, interrupts.signal)));
      add(...(await checks.checkContributions(kernel, interrupts.signal)));
      const known = kernel.diagnostics.all();
      const { env: environment, set } = flags;
      add(...(await checks.checkEnvironments({ project, environment, set, known })));
      add(checks.checkPorts());
    } finally {
      interrupts.stop();
      for (const error of await kernel.stop()) add(failed('stop', error));
    }
  }

  #show({ what, status, message, fix, code }: Finding): void {
    const { print, style } = this.output;
    const mark = {
      ok: style('green', 'ok     '),
      warning: style('yellow', 'warning'),
      error: style('red', 'error  '),
    }[status];
    const lines = message.split('\n').join('\n          ');
    print(`${mark} ${style('bold', what)}  ${code === undefined ? '' : `${style('dim', code)} `}${lines}`);
    if (fix !== undefined) print(`        ${style('green', 'next')} ${fix}`);
  }
}

function exitCodeOf(errors: readonly Finding[]): number {
  if (errors.length === 0) return exitCodes.ok;
  return errors.every(({ what }) => what.startsWith('connection ')) ? exitCodes.connection : exitCodes.config;
}
