import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasBrand, type PluginDefinition } from '@vp/contracts';
import { fromThrown } from '../support/thrown.ts';
import { timeLimit } from '../support/time-limit.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';
import { checkDeclared, collect, type Registered } from './registrar.ts';

/** Imports a plugin's entry and lets it register. Nothing of the plugin has run before. */
export async function load(plugin: Plugin, timeoutMs: number): Promise<Registered> {
  const definition = plugin.entry.definition ?? (await importDefinition(plugin, timeoutMs));
  plugin.definition = definition;
  try {
    checkDeclared(plugin, definition.deps);
    return collect(plugin, (registrar) => definition.register(registrar));
  } catch (error) {
    throw fromThrown(error, { plugin: plugin.label, phase: 'register' }, (reason, context) =>
      errors.VP_PLUGIN_REGISTER_FAILED({ plugin: plugin.label, reason }, context),
    );
  }
}

async function importDefinition(plugin: Plugin, timeoutMs: number): Promise<PluginDefinition> {
  const { label } = plugin;
  const { entry } = plugin.manifest;
  const file = join(plugin.folder, entry);
  const context = { plugin: label, phase: 'load', at: { file } };
  let module: unknown;
  try {
    module = await timeLimit(() => import(pathToFileURL(file).href), {
      ms: timeoutMs,
      late: (ms) => errors.VP_PLUGIN_LOAD_TIMEOUT({ plugin: label, entry, ms }, context),
    });
  } catch (error) {
    throw fromThrown(error, context, (reason, where) =>
      errors.VP_PLUGIN_LOAD_FAILED({ plugin: label, entry, reason }, where),
    );
  }
  const exported = defaultExport(module);
  if (isDefinition(exported)) return exported;
  throw errors.VP_PLUGIN_NO_DEFINITION({ plugin: label, entry, got: describe(exported) }, context);
}

function defaultExport(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
}

/** By its brand: the SDK that made it may be another copy. */
function isDefinition(value: unknown): value is PluginDefinition {
  return hasBrand(value, '@vp/plugin', 'v1') && 'register' in value && typeof value.register === 'function';
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing as default';
  if (hasBrand(value, '@vp/plugin')) {
    return value.version === 'v1'
      ? 'a plugin without register()'
      : `a plugin of format ${String(value.version)}`;
  }
  if (typeof value === 'function') return 'a function';
  return value === null
    ? 'null'
    : `${typeof value === 'object' ? 'an object' : `a ${typeof value}`} without the brand of definePlugin`;
}
