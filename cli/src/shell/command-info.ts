import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** A flag as the manifest describes it. */
export interface FlagInfo {
  readonly name: string;
  readonly type: 'option' | 'boolean';
  readonly char?: string;
  readonly summary?: string;
  readonly options?: readonly string[];
  readonly default?: unknown;
  readonly multiple?: boolean;
  readonly required?: boolean;
  readonly hidden?: boolean;
  readonly helpValue?: string;
  readonly helpGroup?: string;
}

export interface ArgInfo {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly multiple?: boolean;
  readonly options?: readonly string[];
  readonly hidden?: boolean;
}

/** A command as help, completion and routing see it: nothing of it is loaded. */
export interface CommandInfo {
  /** Words joined with a colon: `runs:list`. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly examples?: readonly string[];
  readonly args: Readonly<Record<string, ArgInfo>>;
  readonly flags: Readonly<Record<string, FlagInfo>>;
  readonly hidden?: boolean;
  /** Heading of the root help beneath which it stands. */
  readonly group?: string;
  /** The plugin that brings it; unset for built-in commands. */
  readonly plugin?: { readonly name: string; readonly contribution: string };
}

/** The commands of this package, from the manifest that the build wrote. */
export function builtInCommands(): CommandInfo[] {
  const file = join(packageRoot(), 'oclif.manifest.json');
  const manifest: { readonly commands: Readonly<Record<string, CommandInfo>> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return Object.values(manifest.commands);
}

/** `runs list`, as it is typed. */
export function commandWords(command: Pick<CommandInfo, 'id'>): string {
  return command.id.replaceAll(':', ' ');
}
