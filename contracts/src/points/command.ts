import type { Json } from '../core/json.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { CallContext } from './call.ts';

/** Values of a command's arguments and flags, parsed by the manifest's description of them. */
export type CommandValue = string | number | boolean | readonly string[] | undefined;

/** What a command was called with. */
export interface CommandRequest {
  readonly args: Readonly<Record<string, CommandValue>>;
  readonly flags: Readonly<Record<string, CommandValue>>;
  /** Whether the caller wants JSON: then print nothing and return it. */
  readonly json: boolean;
  /** Prints a line to standard output, redacted. */
  print(line: string): void;
}

/** A command of `vp` that a plugin brings. Its help stands in the manifest and never loads it. */
export interface Command {
  /** Resolves with what `--json` prints. A failure is a `VpError`; its class gives the exit code. */
  run(request: CommandRequest, context: CallContext): Promise<Json | undefined>;
}

/** Extension point `command@1`. */
export const commandPoint = createExtensionPoint<Command>({ id: 'command', major: 1 });
