import type { AssetSpec, PublishSpec } from '@vp/contracts';
import type { RuleBook } from '../assets/rules.ts';
import type { ContributionInfo, PluginHost } from '../host.ts';
import { canonicalJson, digest, shortDigest } from './fingerprint.ts';

/** Everything about a step that is not data, as one hash and by part. */
export interface Definition {
  readonly hash: string;
  readonly parts: Readonly<Record<string, string>>;
}

function define(parts: Record<string, string>, plugins: readonly ContributionInfo[]): Definition {
  for (const info of plugins) parts[`plugin ${info.plugin}`] = info.pluginVersion;
  return { hash: digest(canonicalJson(parts)), parts };
}

/** Hashes definitions. What only people read (descriptions, tags, places) is no part of them. */
export function createDefiner(init: {
  readonly host: PluginHost;
  readonly rules: RuleBook;
  /** Digest of a connection's configuration, secrets left out. */
  readonly connectionDigest?: ((connection: string) => string | undefined) | undefined;
}) {
  const { host, rules, connectionDigest } = init;

  const connectionPart = (connection: string | undefined): unknown =>
    connection === undefined ? null : [connection, connectionDigest?.(connection) ?? null];

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
                compute.kind === 'source' ? connectionPart(compute.connection) : null,
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
      if (spec.partitions !== undefined) parts.partitions = shortDigest(spec.partitions);
      return define(parts, plugins);
    },
    publish(spec: PublishSpec): Definition {
      const { asset, use, connection, options, mode, key, allowLoss } = spec;
      const config = [asset, use, connectionPart(connection), options, mode, key ?? [], allowLoss ?? []];
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
