import * as Flags from '@oclif/core/flags';
import { exitCodes } from '@vp/contracts';
import { type Outcome, VpCommand } from '../../shell/base-command.ts';
import { listenForInterrupts } from '../../shell/interrupts.ts';

export default class RegistryStart extends VpCommand {
  static override summary = 'Run a private plugin registry';
  static override description =
    'Runs until Ctrl-C, in a process of its own. The first start on a data folder prints the token of its administrator, once. Without registry.toml it listens on 127.0.0.1:4873, keeps its data in ./vp-registry and proxies nothing.';
  static override group = 'Registry';
  static override examples = ['vp registry start', 'vp registry start --config registry.toml'];
  static override flags = {
    config: Flags.string({ summary: 'Its registry.toml, when it is not in this folder', helpValue: 'file' }),
    data: Flags.string({ summary: 'Data folder, instead of the one in registry.toml', helpValue: 'dir' }),
    host: Flags.string({ summary: 'Address to listen on', helpValue: 'address' }),
    port: Flags.integer({
      summary: 'Port to listen on; 0 for any that is free',
      helpValue: 'number',
      min: 0,
      max: 65_535,
    }),
  };

  override async run(): Promise<Outcome> {
    const { flags } = await this.parse(RegistryStart);
    const { startRegistry } = await import('@vp/registry');
    const { config: configFile, data: dataDir, host, port } = flags;
    const interrupts = listenForInterrupts(this.output);
    try {
      const registry = await startRegistry({
        ...(configFile === undefined ? {} : { configFile }),
        ...(dataDir === undefined ? {} : { dataDir }),
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
      });
      const { url, adminToken, pid, data } = registry;
      const { style } = this.output;
      if (adminToken !== undefined)
        this.output.print(
          `Token of the user admin, shown this once:\n\n  ${adminToken}\n\nPublish with it: //${url.replace(/^https?:\/\//, '')}:_authToken=<token> in .npmrc. Others: vp registry user add <name> --role publisher\n`,
        );
      this.output.print(
        `Registry at ${style('bold', url)} (data in ${data}, process ${pid}). Ctrl-C ends it.`,
      );
      // The one document of this command is wanted now, not when the registry ends.
      if (this.output.json)
        this.output.document({ url, pid, data, ...(adminToken === undefined ? {} : { adminToken }) });
      interrupts.onFirst(() => this.output.note('Stopping: what is under way may end.'));
      interrupts.signal.addEventListener('abort', () => void registry.stop());
      const { code, complaint } = await registry.ended;
      if (code !== 0 && !interrupts.signal.aborted)
        this.output.note(`The registry ended by itself. ${complaint}`);
      return { data: undefined, exitCode: interrupts.signal.aborted ? exitCodes.ok : code };
    } finally {
      interrupts.stop();
    }
  }
}
