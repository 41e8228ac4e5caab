import { didYouMean } from '@vp/contracts';
import type { Kernel, ProjectConfig } from '@vp/kernel';
import { errors } from './errors.ts';

/** A connection of vp.toml by its name. @throws VpError with the nearest name */
export function findConnection(kernel: Kernel, name: string): ProjectConfig['connections'][string] {
  const { connections } = kernel.config.values;
  const found = connections[name];
  if (found !== undefined) return found;
  const names = Object.keys(connections);
  throw errors.VP_CLI_CONNECTION_UNKNOWN({ name, suggestion: didYouMean(name, names), known: names });
}
