import type { JsonSchema } from '@vp/contracts';
import { checkAgainstSchema } from '../json-schema/index.ts';
import { errors } from './errors.ts';
import { configErrors, location } from './issues.ts';
import { asVariable } from './layers.ts';
import { type ConfigPath, formatKey } from './path.ts';
import type { ResolvedConfig } from './resolve.ts';
import { typed } from './typed.ts';
import { type ConfigTable, isTable, mergeTables, valueAt } from './values.ts';

export interface ContributionConfigInit {
  readonly config: ResolvedConfig;
  /** `['engine', 'duckdb']` or `['connections', 'shop']`. */
  readonly path: ConfigPath;
  /** The manifest's `config`; nothing may be configured without one. */
  readonly schema?: JsonSchema | undefined;
  /** Package name, for faults of the schema itself. */
  readonly plugin?: string;
}

/**
 * The configuration of one contribution or connection: validated against its schema, texts of
 * variables and flags read as the types that it states, defaults filled in. Secret references are
 * still references.
 */
export function contributionConfig(init: ContributionConfigInit): ConfigTable {
  const { config, path, plugin } = init;
  const values = sectionAt(config, path);
  const key = formatKey(path);
  if (init.schema === undefined) {
    const [first] = Object.keys(values);
    if (first === undefined) return {};
    const place = config.place([...path, first]);
    const keys = formatKey([first]);
    throw errors.VP_CONFIG_NOT_CONFIGURABLE({ key, place: place.text, keys }, { at: location(place) });
  }
  const { schema } = init;
  const value = typed(values, schema);
  const outcome = checkAgainstSchema({ schema, value, of: key, plugin });
  if (outcome.ok) return isTable(outcome.value) ? outcome.value : {};
  const [first] = configErrors(outcome.faults, { base: path, place: config.place });
  if (first === undefined) throw new TypeError('a value that does not fit must have a fault');
  throw first;
}

/**
 * What stands in a section, not yet looked at. A variable cannot spell `my-plugin`: what it wrote
 * under `my_plugin` belongs here too.
 */
export function sectionAt(config: ResolvedConfig, path: ConfigPath): ConfigTable {
  const around = valueAt(config.merged, path.slice(0, -1));
  const id = path.at(-1) ?? '';
  const sameName = isTable(around)
    ? Object.keys(around).filter((key) => key !== id && key === asVariable(id).toLowerCase())
    : [];
  const parts = [id, ...sameName].map((key) => valueAt(around, [key])).filter(isTable);
  const merged = mergeTables(parts);
  if (path[0] !== 'connections') return merged;
  const { use: _, ...options } = merged;
  return options;
}
