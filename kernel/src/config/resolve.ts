import { didYouMean, type VpError } from '@vp/contracts';
import { schemaFaults } from '../json-schema/index.ts';
import { errors } from './errors.ts';
import { explain, type KeyExplanation } from './explain.ts';
import { configErrors, location } from './issues.ts';
import type { SectionSchema } from './known-keys.ts';
import type { ConfigLayer, ConfigPlace } from './layers.ts';
import type { ConfigPath } from './path.ts';
import {
  environmentJsonSchema,
  environmentSchema,
  type ProjectConfig,
  pointIds,
  projectJsonSchema,
  projectSchema,
} from './schema.ts';
import { typed } from './typed.ts';
import { type ConfigTable, isTable, mergeTables, valueAt } from './values.ts';

export interface ResolvedConfig {
  readonly values: ProjectConfig;
  readonly layers: readonly ConfigLayer[];
  /** Points whose `[<point>.<id>]` sections are known. */
  readonly points: readonly string[];
  /** All layers merged; values of variables and flags still without a type. */
  readonly merged: ConfigTable;
  /** The place of the value that won at `path`, or of the nearest table around it. */
  place(path: ConfigPath): ConfigPlace;
  /**
   * Every layer's value of each key at or beneath `key`, and which won. With `schemaOf` the defaults
   * and types of plugins are among them.
   *
   * @throws VpError `VP_CONFIG_NO_SUCH_KEY`, `VP_CONFIG_BAD_KEY`
   */
  explain(key: string, schemaOf?: SectionSchema): readonly KeyExplanation[];
}

export interface ResolveConfigInit {
  /** Weakest first; see `configLayers`. */
  readonly layers: readonly ConfigLayer[];
  /** Extension points that plugins add to the standard ones. */
  readonly points?: readonly string[];
}

/**
 * The project's configuration.
 *
 * @throws VpError the first fault; `details.more` has the texts of the others
 */
export function resolveConfig(init: ResolveConfigInit): ResolvedConfig {
  const result = inspectConfig(init);
  const [first, ...others] = result.errors;
  if (first !== undefined) throw withOthers(first, others);
  if (result.config === undefined) throw new TypeError('a configuration without errors must have a value');
  return result.config;
}

/** As `resolveConfig`, but gives all faults instead of throwing: for `vp doctor` and editors. */
export function inspectConfig(init: ResolveConfigInit): {
  readonly config?: ResolvedConfig;
  readonly errors: readonly VpError[];
} {
  const points = [...new Set([...pointIds(), ...(init.points ?? [])])];
  const layers = init.layers.map(withoutEnvironments);
  const merged = mergeTables(layers.map((layer) => layer.values));
  const schema = projectJsonSchema(points);
  const place = (path: ConfigPath) => placeOf(layers, path);
  const checked = typed(merged, schema);
  const faults = [...environmentFaults(init.layers, points)];
  const result = projectSchema(points).safeParse(checked);
  if (!result.success)
    faults.push(
      ...configErrors(schemaFaults(result.error.issues, { value: checked, schema }), { base: [], place }),
    );
  if (!result.success || faults.length > 0) return { errors: faults };
  const values: ProjectConfig = result.data;
  const config: ResolvedConfig = {
    values,
    layers,
    points,
    merged,
    place,
    explain: (key, schemaOf) => explain({ config, key, schemaOf }),
  };
  return { config, errors: [] };
}

/** `[<point>.<id>]` sections whose id no contribution has: a typo that would otherwise have no effect. */
export function unknownSections(
  config: ResolvedConfig,
  idsOf: (point: string) => readonly string[],
): readonly VpError[] {
  return config.points.flatMap((point) => {
    const section = config.merged[point];
    const ids = idsOf(point);
    return Object.keys(isTable(section) ? section : {})
      .filter((id) => !ids.includes(id) && !ids.some((each) => each.replaceAll(/[^a-z0-9]+/g, '_') === id))
      .map((id) => {
        const place = config.place([point, id]);
        const params = { point, id, place: place.text, suggestion: didYouMean(id, ids) };
        return errors.VP_CONFIG_UNKNOWN_SECTION(params, { at: location(place) });
      });
  });
}

function omit(table: ConfigTable, name: string): ConfigTable {
  const { [name]: _, ...others } = table;
  return others;
}

function withoutEnvironments(layer: ConfigLayer): ConfigLayer {
  return 'env' in layer.values ? { ...layer, values: omit(layer.values, 'env') } : layer;
}

/** Environments that are not in use are checked too: a typo in [env.prod] shows on the author's desk. */
function environmentFaults(layers: readonly ConfigLayer[], points: readonly string[]): VpError[] {
  return layers.flatMap((layer) => {
    const { env } = layer.values;
    if (!isTable(env)) return [];
    return Object.entries(env).flatMap(([name, values]) => {
      const schema = environmentJsonSchema(points);
      const checked = typed(values, schema);
      const result = environmentSchema(points).safeParse(longVersions(checked));
      const place = (path: ConfigPath) => layer.where(path);
      if (result.success) return [];
      const found = schemaFaults(result.error.issues, { value: checked, schema });
      return configErrors(found, { base: ['env', name], place });
    });
  });
}

function longVersions(values: unknown): unknown {
  if (!isTable(values) || !isTable(values.plugins)) return values;
  const plugins = Object.entries(values.plugins).map(([name, value]) => [
    name,
    typeof value === 'string' ? { version: value } : value,
  ]);
  return { ...values, plugins: Object.fromEntries(plugins) };
}

function placeOf(layers: readonly ConfigLayer[], path: ConfigPath): ConfigPlace {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const winner = layers.findLast((layer) => valueAt(layer.values, part) !== undefined);
    if (winner !== undefined) return winner.where(part);
  }
  const file = layers.find((layer) => layer.name === 'vp.toml') ?? layers[0];
  return file?.where([]) ?? { text: 'no configuration' };
}

function withOthers(first: VpError, others: readonly VpError[]): VpError {
  if (others.length === 0) return first;
  const more = others.map((each) => `${each.message} ${each.hint ?? ''}`.trim());
  return Object.assign(first, { details: { ...first.details, more } });
}
