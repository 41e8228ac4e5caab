import {
  type AssetSpec,
  type CheckSpec,
  didYouMean,
  isVpError,
  type JsonObject,
  type JsonSchema,
  type PublishSpec,
  type SourceLocation,
  type VpError,
  withErrorContext,
} from '@vp/contracts';
import { optionsSchema, readsPartitions } from '../contribution-facts.ts';
import type { PluginHost } from '../host.ts';
import { checkAgainstSchema, jsonPointer } from '../json-schema/index.ts';
import { errors } from './errors.ts';
import { partitionProblem } from './partition-spec.ts';
import type { RuleBook } from './rules.ts';
import { placeholderFaults } from './source-partition.ts';

type Assets = ReadonlyMap<string, AssetSpec>;

/** Looks at one asset or publish with the manifests of the plugins that it uses; no plugin is loaded. */
export function createSpecValidator(host: PluginHost, rules: RuleBook) {
  return (spec: AssetSpec | PublishSpec, assets: Assets): readonly VpError[] =>
    spec.$$type === '@vp/asset' ? assetFaults(spec, assets) : publishFaults(spec, assets);

  function assetFaults(spec: AssetSpec, assets: Assets): readonly VpError[] {
    const faults: VpError[] = [...structureFaults(spec, assets)];
    const { compute, name } = spec;
    const context = { at: spec.origin };
    if (compute.kind !== 'sql') {
      const { use, options } = compute;
      faults.push(
        ...contributionFaults({
          point: compute.kind,
          use,
          options,
          where: `Asset "${name}"`,
          at: spec.origin,
        }),
      );
    }
    if (compute.kind === 'transform' && compute.code !== undefined) faults.push(...codeFaults(spec, compute));
    if (compute.kind === 'sql' || spec.engine !== undefined) faults.push(...engineFaults(spec, assets));
    const problem = spec.partitions === undefined ? undefined : partitionProblem(spec.partitions);
    if (problem !== undefined) faults.push(errors.VP_PARTITIONS_INVALID({ asset: name, problem }, context));
    else faults.push(...sourcePartitionFaults(spec));
    const seen = new Set<string>();
    for (const check of spec.checks) {
      if (seen.has(check.name)) {
        faults.push(
          errors.VP_CHECK_DUPLICATE({ asset: name, check: check.name }, { at: check.origin ?? spec.origin }),
        );
      }
      seen.add(check.name);
      faults.push(...checkFaults(check, spec));
    }
    return faults;
  }

  function codeFaults(
    { name, origin: at }: AssetSpec,
    { use }: { readonly use: string },
  ): readonly VpError[] {
    const info = host.contributions('transform').find(({ id }) => id === use);
    if (info?.isIsolated !== true) return [];
    return [errors.VP_ASSET_CODE_ISOLATED({ asset: name, use, plugin: info.plugin }, { at })];
  }

  function structureFaults(spec: AssetSpec, assets: Assets): readonly VpError[] {
    const faults: VpError[] = [];
    const { compute, name: asset } = spec;
    const context = { at: spec.origin };
    if (spec.materialize === 'none' && compute.kind !== 'transform') {
      faults.push(errors.VP_ASSET_MATERIALIZE_INVALID({ asset, kind: compute.kind }, context));
    }
    const names = new Set<string>();
    for (const input of spec.inputs) {
      if (names.has(input.as)) faults.push(errors.VP_ASSET_INPUT_DUPLICATE({ asset, as: input.as }, context));
      names.add(input.as);
      if (compute.kind === 'sql' && assets.get(input.asset)?.materialize === 'none') {
        faults.push(
          errors.VP_ASSET_WITHOUT_DATA({ reader: `Asset "${asset}"`, asset: input.asset }, context),
        );
      }
    }
    if (compute.kind === 'sql') {
      for (const part of compute.sql.parts) {
        if (part.kind !== 'input' || names.has(part.as)) continue;
        const suggestion = didYouMean(part.as, names);
        faults.push(errors.VP_ASSET_INPUT_UNKNOWN({ asset, as: part.as, suggestion }, context));
      }
    }
    for (const column of spec.schema?.key ?? []) {
      faults.push(...columnFaults({ spec, column, where: `The key of asset "${asset}"`, at: spec.origin }));
    }
    return faults;
  }

  function sourcePartitionFaults({
    compute,
    partitions,
    name: asset,
    origin: at,
  }: AssetSpec): readonly VpError[] {
    if (compute.kind !== 'source' || partitions === undefined) return [];
    const { use: source, options } = compute;
    const { unknown, missing, known } = placeholderFaults(options, partitions);
    if (unknown.length > 0) {
      return unknown.map((fault) => errors.VP_SOURCE_PLACEHOLDER_UNKNOWN({ asset, known, ...fault }, { at }));
    }
    if (missing.length === 0) return [];
    // A source that there is not is a fault of its own, found above.
    const info = host.contributions('source').find(({ id }) => id === source);
    if (info === undefined || readsPartitions(info)) return [];
    return [errors.VP_SOURCE_NOT_PARTITIONED({ asset, source, missing }, { at })];
  }

  function engineFaults(spec: AssetSpec, assets: Assets): readonly VpError[] {
    const engineOf = (of: AssetSpec): string => of.engine ?? host.bound('engine');
    return attempt({ phase: `asset ${spec.name}`, at: spec.origin }, () => {
      const engine = engineOf(spec);
      host.contribution('engine', engine);
      if (spec.compute.kind !== 'sql') return [];
      return spec.inputs.flatMap((input) => {
        const upstream = assets.get(input.asset);
        if (upstream === undefined || engineOf(upstream) === engine) return [];
        const facts = { asset: spec.name, engine, input: input.asset, inputEngine: engineOf(upstream) };
        return [errors.VP_ASSET_ENGINES_DIFFER(facts, { at: spec.origin })];
      });
    });
  }

  function checkFaults(check: CheckSpec, spec: AssetSpec): readonly VpError[] {
    const at = check.origin ?? spec.origin;
    const where = `Check "${check.name}" of asset "${spec.name}"`;
    const faults = check.columns.flatMap((column) => columnFaults({ spec, column, where, at }));
    const more = attempt({ phase: where, at }, () => {
      const { rule } = rules.resolve(check, spec.name);
      const given = check.columns.length;
      const fits = { none: given === 0, one: given === 1, many: given > 0 }[rule.columns];
      const takes = { none: 'none', one: 'exactly one', many: 'one or more' }[rule.columns];
      const found: VpError[] = [];
      if (!fits) {
        const facts = { asset: spec.name, check: check.name, rule: rule.id, takes, given };
        found.push(errors.VP_CHECK_COLUMNS_INVALID(facts, { at }));
      }
      return [...found, ...optionFaults({ schema: rule.options, options: check.options, where, at })];
    });
    return [...faults, ...more];
  }

  function publishFaults(publish: PublishSpec, assets: Assets): readonly VpError[] {
    const where = `Publish "${publish.name}"`;
    const asset = assets.get(publish.asset);
    const faults: VpError[] = [];
    if (asset?.materialize === 'none') {
      faults.push(
        errors.VP_ASSET_WITHOUT_DATA({ reader: where, asset: publish.asset }, { at: publish.origin }),
      );
    }
    if (asset !== undefined) {
      for (const column of publish.key ?? []) {
        faults.push(
          ...columnFaults({ spec: asset, column, where: `The key of ${where}`, at: publish.origin }),
        );
      }
    }
    const { use, options, origin: at } = publish;
    return [...faults, ...contributionFaults({ point: 'sink', use, options, where, at })];
  }

  interface Use {
    readonly point: string;
    readonly use: string;
    readonly options: JsonObject;
    readonly where: string;
    readonly at: SourceLocation | undefined;
  }

  function contributionFaults({ point, use, options, where, at }: Use): readonly VpError[] {
    return attempt({ phase: where, at }, () => {
      const info = host.contribution(point, use);
      const schema = optionsSchema(info);
      if (schema === undefined) return [];
      return optionFaults({ schema, options, where: `${where}, ${point} "${use}"`, at });
    });
  }
}

function optionFaults(request: {
  readonly schema: JsonSchema;
  readonly options: JsonObject;
  readonly where: string;
  readonly at: SourceLocation | undefined;
}): readonly VpError[] {
  const { schema, options, where, at } = request;
  const outcome = checkAgainstSchema({ schema, value: options, of: where });
  if (outcome.ok) return [];
  return outcome.faults.map(({ path, problem, suggestion }) => {
    const pointer = jsonPointer(path);
    return errors.VP_OPTIONS_INVALID({ where, pointer, problem, suggestion }, { at: { ...at, pointer } });
  });
}

function columnFaults(request: {
  readonly spec: AssetSpec;
  readonly column: string;
  readonly where: string;
  readonly at: SourceLocation | undefined;
}): readonly VpError[] {
  const { spec, column, where, at } = request;
  if (spec.schema === undefined) return [];
  const columns = spec.schema.fields.map((field) => field.name);
  if (columns.includes(column)) return [];
  return [errors.VP_COLUMN_UNKNOWN({ where, column, suggestion: didYouMean(column, columns) }, { at })];
}

/** Faults that `find` gives or throws. */
function attempt(
  context: { readonly phase: string; readonly at: SourceLocation | undefined },
  find: () => readonly VpError[],
): readonly VpError[] {
  try {
    return find();
  } catch (error) {
    if (!isVpError(error)) throw error;
    return [withErrorContext(error, context, { code: error.code, class: error.class })];
  }
}
