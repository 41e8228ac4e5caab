import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasBrand, type PluginDefinition } from '@vp/contracts';
import type { Integrity } from '../integrity/index.ts';
import type { Isolation } from '../isolation/index.ts';
import { fromThrown } from '../support/thrown.ts';
import { timeLimit } from '../support/time-limit.ts';
import { confineImports } from './confine-imports.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';
import { checkDeclared, collect, type Registered } from './registrar.ts';

export interface LoadContext {
  readonly timeoutMs: number;
  readonly integrity: Integrity | undefined;
  readonly isolation: Isolation | undefined;
}

/**
 * Imports a plugin's entry, or has a process of its own do that, and lets it register. Nothing of the
 * plugin has run before, and nothing runs that vp.lock does not vouch for when it lists the plugin.
 */
export async function load(plugin: Plugin, context: LoadContext): Promise<Registered> {
  const definition = plugin.entry.definition ?? (await definitionOf(plugin, context));
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

async function definitionOf(plugin: Plugin, context: LoadContext): Promise<PluginDefinition> {
  const { timeoutMs, integrity, isolation } = context;
  const isLocked = plugin.origin === 'lock';
  if (isLocked) await integrity?.beforeLoad(plugin.name);
  if (plugin.isolation !== 'process') return importDefinition(plugin, timeoutMs);
  const { name, label, written: pack, folder: directory } = plugin;
  // A plugin that asks for a process of its own never runs in this one.
  if (pack === undefined || isolation === undefined) throw new TypeError(`${label} cannot be isolated`);
  const { entry } = plugin.manifest;
  const closure = isLocked ? integrity?.closure(name) : undefined;
  const where = { plugin: label, phase: 'load', at: { file: join(directory, entry) } };
  try {
    return await timeLimit(
      () => isolation.start({ plugin: name, label, package: pack, directory, closure }),
      { ms: timeoutMs, late: (ms) => errors.VP_PLUGIN_LOAD_TIMEOUT({ plugin: label, entry, ms }, where) },
    );
  } catch (error) {
    throw fromThrown(error, where, (reason, at) =>
      errors.VP_PLUGIN_LOAD_FAILED({ plugin: label, entry, reason }, at),
    );
  }
}

async function importDefinition(plugin: Plugin, timeoutMs: number): Promise<PluginDefinition> {
  const { label } = plugin;
  const { entry } = plugin.manifest;
  const file = join(plugin.folder, entry);
  const context = { plugin: label, phase: 'load', at: { file } };
  if (plugin.origin === 'lock') confineImports();
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
