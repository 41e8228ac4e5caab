import type { AssetSpec, PartitionDimension, PublishSpec } from '@vp/contracts';
import type { RuleBook } from '../assets/rules.ts';
import type { ContributionInfo, PluginHost } from '../host.ts';
import { canonicalJson, digest, shortDigest } from './fingerprint.ts';

/** Everything about a step that is not data, as one hash and by part. */
export interface Definition {
  readonly hash: string;
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * A digest of what is configured for a contribution, or for the connection through which it is used;
 * secrets left out, and `undefined` when nothing is. Engines are not asked for: their settings are of
 * memory and threads, and change no data.
 */
export type ConfigDigest = (of: {
  readonly point: string;
  readonly id: string;
  readonly connection?: string | undefined;
}) => string | undefined;

/** How a dimension is cut. Which windows or values there are says nothing about the data of one. */
function cut(dimension: PartitionDimension): unknown {
  const { kind, name } = dimension;
  return kind === 'time' ? [kind, name, dimension.grain, dimension.timezone ?? 'UTC'] : [kind, name];
}

function define(parts: Record<string, string>, plugins: readonly ContributionInfo[]): Definition {
  for (const info of plugins) parts[`plugin ${info.plugin}`] = info.pluginVersion;
  return { hash: digest(canonicalJson(parts)), parts };
}

/** Hashes definitions. What only people read (descriptions, tags, places) is no part of them. */
export function createDefiner(init: {
  readonly host: PluginHost;
  readonly rules: RuleBook;
  readonly configDigest?: ConfigDigest | undefined;
}) {
  const { host, rules, configDigest } = init;

  /** Where data comes from or goes to: what is configured is a part of the definition. */
  const configPart = (point: string, id: string, connection?: string): unknown => {
    const found = configDigest?.({ point, id, connection });
    if (connection !== undefined) return [connection, found ?? null];
    return found ?? null;
  };

  return {
    asset(spec: AssetSpec, engine: string | undefined): Definition {
      const { compute } = spec;
      const inputs = spec.inputs.map((input) => [input.asset, input.as, input.partitions ?? null]);
      const parts: Record<string, string> = {
        code: shortDigest(spec.codeVersion),
        config: shortDigest(
          compute.kind === 'sql'
            ? [inputs, spec.materialize, engine ?? null]
            : [
                compute.use,
                compute.options,
                configPart(
                  compute.kind,
                  compute.use,
                  compute.kind === 'source' ? compute.connection : undefined,
                ),
                inputs,
                spec.materialize,
                engine ?? null,
              ],
        ),
      };
      const plugins: ContributionInfo[] = [];
      if (engine !== undefined) plugins.push(host.contribution('engine', engine));
      if (compute.kind !== 'sql') plugins.push(host.contribution(compute.kind, compute.use));
      if (spec.schema !== undefined) {
        const columns = spec.schema.fields.map((field) => [field.name, field.type, field.nullable]);
        parts.schema = shortDigest([columns, spec.schema.key ?? []]);
      }
      if (spec.checks.length > 0) {
        parts.checks = shortDigest(spec.checks.map(({ origin: _, description: __, ...check }) => check));
        for (const check of spec.checks) plugins.push(rules.resolve(check, spec.name).validator);
      }
      if (spec.partitions !== undefined) parts.partitions = shortDigest(spec.partitions.dimensions.map(cut));
      return define(parts, plugins);
    },
    publish(spec: PublishSpec): Definition {
      const { asset, use, connection, options, mode, key, allowLoss } = spec;
      const config = [
        asset,
        use,
        configPart('sink', use, connection),
        options,
        mode,
        key ?? [],
        allowLoss ?? [],
      ];
      return define({ config: shortDigest(config) }, [host.contribution('sink', use)]);
    },
  };
}

/** What differs between two definitions: `code`, `plugin @vp/files 1.0.0 -> 1.1.0`. */
export function definitionChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    if (before[name] === after[name]) return [];
    if (!name.startsWith('plugin ')) return [name];
    return [`${name} ${before[name] ?? 'none'} -> ${after[name] ?? 'none'}`];
  });
}
