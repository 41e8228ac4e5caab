import { join } from 'node:path';
import type { VpError } from '@vp/contracts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';

/** Why a plugin does not fit among the others. */
export interface Fault {
  readonly plugin: Plugin;
  readonly error: VpError;
}

/** The place of a fault in the plugin's package.json. */
export function placeOfFault(plugin: Plugin, pointer: string) {
  return {
    plugin: plugin.label,
    phase: 'resolve',
    at: { file: join(plugin.folder, 'package.json'), pointer },
  };
}

/** The fault of a plugin whose need is there, but cannot be used. */
export function dependencyFault(plugin: Plugin, needed: Plugin, cause: VpError): Fault {
  const params = { plugin: plugin.label, needs: needed.label, why: cause.message };
  const at = { plugin: plugin.label, phase: 'resolve', cause };
  return { plugin, error: errors.VP_PLUGIN_DEPENDENCY_FAILED(params, at) };
}
