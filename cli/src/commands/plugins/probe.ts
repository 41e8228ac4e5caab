import * as Args from '@oclif/core/args';
import { exitCodes } from '@vp/contracts';
import { type Outcome, projectFlags, VpCommand } from '../../shell/base-command.ts';

export default class PluginsProbe extends VpCommand {
  static override summary = 'Load and activate one plugin of the project, and say what is wrong with it';
  static override description =
    'What `vp plugins dev` starts after each build, in a fresh process: the manifest is held against what the code registers.';
  static override group = 'Plugins';
  static override hidden = true;
  static override args = { plugin: Args.string({ required: true, description: 'Its key in [plugins]' }) };
  static override flags = { ...projectFlags };

  override async run(): Promise<Outcome> {
    const { args, flags } = await this.parse(PluginsProbe);
    const { openSession } = await import('../../shell/session.ts');
    const { expectVpError } = await import('../../shell/crash.ts');
    const { contributionsOf } = await import('../../shell/plugin-facts.ts');
    await using session = await openSession({ flags, output: this.output });
    const { kernel } = session;
    const found = kernel.plugins().find(({ name }) => name === args.plugin);
    try {
      if (found?.error !== undefined) throw found.error;
      await kernel.activate(args.plugin);
    } catch (thrown) {
      const error = expectVpError(thrown, { argv: this.argv, output: this.output });
      const cause = error.cause instanceof Error ? error.cause.stack : undefined;
      return {
        data: { error: error.toJSON(), ...(cause === undefined ? {} : { stack: cause }) },
        exitCode: exitCodes.plugin,
      };
    }
    return { data: { contributions: found === undefined ? [] : contributionsOf(found) } };
  }
}
