import { AsyncLocalStorage } from 'node:async_hooks';
import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import type { Output } from '../ui/output.ts';

/** What a command came to. `data` is what `--json` prints; text was printed on the way. */
export interface Outcome {
  readonly data: unknown;
  readonly exitCode?: number;
}

/** Where the words of the command that is running go: oclif makes the command, and passes nothing on. */
export const currentOutput = new AsyncLocalStorage<Output>();

/** A `vp` command: it prints through `this.output` and gives its data back. */
export abstract class VpCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ summary: 'One JSON document on standard output', helpGroup: 'GLOBAL' }),
    debug: Flags.boolean({ summary: 'Show where an error came from', helpGroup: 'GLOBAL' }),
  };

  /** Heading of `vp --help` beneath which it stands. */
  static group = 'Project';

  get output(): Output {
    const output = currentOutput.getStore();
    if (output === undefined) throw new TypeError('a command runs through execute()');
    return output;
  }

  abstract override run(): Promise<Outcome>;

  // oclif would set an exit code of its own and log.
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

/** Flags of the commands that work on a project. */
export const projectFlags = {
  project: Flags.string({
    char: 'C',
    summary: 'The project, instead of the one around this folder',
    helpValue: 'dir',
    helpGroup: 'GLOBAL',
  }),
  env: Flags.string({ summary: 'Use [env.<name>] of vp.toml', helpValue: 'name', helpGroup: 'GLOBAL' }),
  set: Flags.string({
    summary: 'Override a configuration value',
    helpValue: 'key=value',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'GLOBAL',
  }),
};
