import { defineErrors, type SourceLocation } from '@vp/contracts';

/** ` (pipeline.ts:3:14)`, or nothing when the place is not known. */
function place(at: SourceLocation | undefined): string {
  if (at?.file === undefined) return '';
  const parts = [at.file, at.line, at.column].filter((part) => part !== undefined);
  return ` (${parts.join(':')})`;
}

interface InAsset {
  readonly asset: string;
}

export const { errors, table: assetErrorTable } = defineErrors({
  VP_PIPELINE_INVALID: {
    class: 'config',
    summary: 'A pipeline has several faults; each is listed.',
    message: (p: { count: number; lines: readonly string[] }) =>
      `The pipeline has ${p.count} faults:\n${p.lines.map((line) => `  - ${line}`).join('\n')}`,
    hint: () => 'Correct them and run `vp plan` again.',
  },
  VP_PIPELINE_EMPTY: {
    class: 'config',
    summary: 'A pipeline has no assets.',
    message: () => 'The pipeline has no assets, so there is nothing to plan.',
    hint: () => 'Export an asset from a pipeline file; `vp init` shows one.',
  },
  VP_ASSET_NAME_INVALID: {
    class: 'config',
    summary: 'An asset name has characters that are not allowed.',
    message: (p: InAsset) => `"${p.asset}" is not a valid asset name.`,
    hint: () => 'Use lower case letters, digits and _, first a letter; group with dots: shop.orders.',
  },
  VP_ASSET_DUPLICATE: {
    class: 'config',
    summary: 'Two assets have the same name.',
    message: (p: InAsset & { first?: SourceLocation | undefined; second?: SourceLocation | undefined }) =>
      `Two assets are named "${p.asset}": the first${place(p.first)}, the second${place(p.second)}.`,
    hint: () => 'Rename one of them.',
  },
  VP_PUBLISH_SAME_PLACE: {
    class: 'config',
    summary: 'Two publishes write to the same place, which keeps the record of one.',
    message: (p: { first: string; second: string }) =>
      `"${p.first}" and "${p.second}" write to the same place with the same options.`,
    hint: () => 'Give them places of their own, or join the assets in one with SQL and publish that.',
  },
  VP_PUBLISH_DUPLICATE: {
    class: 'config',
    summary: 'Two publishes have the same name.',
    message: (p: {
      publish: string;
      first?: SourceLocation | undefined;
      second?: SourceLocation | undefined;
    }) => `Two publishes are named "${p.publish}": the first${place(p.first)}, the second${place(p.second)}.`,
    hint: () => 'Give one of them a name of its own.',
  },
  VP_ASSET_UNKNOWN: {
    class: 'config',
    summary: 'A name stands where an asset is meant, and there is no such asset.',
    message: (p: { name: string; where: string; suggestion: string }) =>
      `${p.where} refers to the asset "${p.name}", which is not in the pipeline.`,
    hint: (p) => p.suggestion || 'Define the asset, or correct the name.',
  },
  VP_ASSET_CYCLE: {
    class: 'config',
    summary: 'Assets depend on each other in a circle.',
    message: (p: { path: readonly string[] }) =>
      `Assets depend on each other in a circle: ${p.path.join(' -> ')}.`,
    hint: () => 'Remove one of these inputs.',
  },
  VP_ASSET_INPUT_DUPLICATE: {
    class: 'config',
    summary: 'Two inputs of an asset have the same name.',
    message: (p: InAsset & { as: string }) => `Asset "${p.asset}" has two inputs named "${p.as}".`,
    hint: () => 'Give one of them another `as` name.',
  },
  VP_ASSET_INPUT_UNKNOWN: {
    class: 'config',
    summary: 'A SQL text refers to an input that the asset does not have.',
    message: (p: InAsset & { as: string; suggestion: string }) =>
      `The SQL of asset "${p.asset}" refers to the input "${p.as}", which it does not have.`,
    hint: (p) => p.suggestion || 'Add the input.',
  },
  VP_ASSET_WITHOUT_DATA: {
    class: 'config',
    summary: 'Something wants to read an asset that keeps no data.',
    message: (p: { reader: string; asset: string }) =>
      `${p.reader} reads the asset "${p.asset}", which keeps no data (materialize: 'none').`,
    hint: (p) => `Let "${p.asset}" return a table, or do not read it.`,
  },
  VP_ASSET_MATERIALIZE_INVALID: {
    class: 'config',
    summary: 'An asset of this kind must keep its data.',
    message: (p: InAsset & { kind: string }) =>
      `Asset "${p.asset}" is a ${p.kind} asset and says materialize: 'none', so its data would be lost.`,
    hint: () => "Use materialize: 'table'; 'none' is for transforms that only have side effects.",
  },
  VP_ASSET_CODE_ISOLATED: {
    class: 'config',
    summary: 'An asset gives code to a transform whose plugin runs in a process of its own.',
    message: (p: { asset: string; use: string; plugin: string }) =>
      `Asset "${p.asset}" computes with code of the pipeline, but ${p.plugin}, which brings transform "${p.use}", runs in a process of its own: code cannot be handed to it.`,
    hint: (p) =>
      `Set isolation = "in-process" for ${p.plugin} in [plugins] of vp.toml, or use a transform that takes options only.`,
  },
  VP_ASSET_ENGINES_DIFFER: {
    class: 'config',
    summary: 'A SQL asset reads an asset that another engine holds.',
    message: (p: InAsset & { engine: string; input: string; inputEngine: string }) =>
      `Asset "${p.asset}" runs SQL in engine ${p.engine}, but its input "${p.input}" lies in ${p.inputEngine}.`,
    hint: () => 'Keep both in the same engine.',
  },
  VP_COLUMN_UNKNOWN: {
    class: 'config',
    summary: 'A check or key names a column that the declared schema does not have.',
    message: (p: { where: string; column: string; suggestion: string }) =>
      `${p.where} names the column "${p.column}", which the declared schema does not have.`,
    hint: (p) => p.suggestion || 'Correct the name or declare the column.',
  },
  VP_CHECK_DUPLICATE: {
    class: 'config',
    summary: 'Two checks of an asset have the same name.',
    message: (p: InAsset & { check: string }) => `Asset "${p.asset}" has two checks named "${p.check}".`,
    hint: () => 'Give one of them a name of its own.',
  },
  VP_CHECK_RULE_UNKNOWN: {
    class: 'config',
    summary: 'A check uses a rule that no validator has.',
    message: (p: InAsset & { rule: string; suggestion: string; installed: number }) =>
      p.installed === 0
        ? `Asset "${p.asset}" has the check "${p.rule}", but no plugin with checks is in use.`
        : `Asset "${p.asset}" uses the rule "${p.rule}", which no validator has.`,
    hint: (p) => (p.installed === 0 ? 'Add "@vp/checks" to [plugins] of vp.toml.' : p.suggestion),
  },
  VP_CHECK_RULE_AMBIGUOUS: {
    class: 'config',
    summary: 'Several validators have the rule that a check uses.',
    message: (p: InAsset & { rule: string; validators: readonly string[] }) =>
      `Asset "${p.asset}" uses the rule "${p.rule}", which several validators have: ${p.validators.join(', ')}.`,
    hint: () => 'Name one with `validator`.',
  },
  VP_CHECK_COLUMNS_INVALID: {
    class: 'config',
    summary: 'A check has more or fewer columns than its rule takes.',
    message: (p: InAsset & { check: string; rule: string; takes: string; given: number }) =>
      `Check "${p.check}" of asset "${p.asset}" gives ${p.given} columns, but the rule "${p.rule}" takes ${p.takes}.`,
    hint: (p) => `Name the columns that "${p.rule}" is to look at; vp plugins list shows what rules take.`,
  },
  VP_OPTIONS_INVALID: {
    class: 'config',
    summary: 'Options of a source, sink, transform or check do not fit their schema.',
    message: (p: { where: string; pointer: string; problem: string; suggestion: string }) =>
      `${p.where}: ${p.pointer === '' ? '' : `${p.pointer}: `}${p.problem}.`,
    hint: (p) => p.suggestion || 'Correct the option.',
  },
  VP_SELECTION_EMPTY: {
    class: 'user',
    summary: 'A selection matches no asset.',
    message: (p: { selection: string; suggestion: string }) => `Nothing matches "${p.selection}".`,
    hint: (p) => p.suggestion || 'List the assets with `vp lineage`.',
  },
  VP_SELECTION_SYNTAX: {
    class: 'user',
    summary: 'A selection cannot be read.',
    message: (p: { selection: string; problem: string }) =>
      `"${p.selection}" is not a selection: ${p.problem}.`,
    hint: () =>
      'Forms: orders, +orders, orders+, 2+orders, tag:daily, source:files, shop.*; --exclude removes.',
  },
  VP_PARTITIONS_INVALID: {
    class: 'config',
    summary: "An asset's partitions are not well defined.",
    message: (p: InAsset & { problem: string }) =>
      `The partitions of asset "${p.asset}" are wrong: ${p.problem}.`,
    hint: (p) => `Correct the partitions where "${p.asset}" is defined.`,
  },
  VP_PARTITIONS_TOO_MANY: {
    class: 'config',
    summary: 'An asset has more partitions than one plan can hold.',
    message: (p: InAsset & { limit: number }) => `Asset "${p.asset}" has more than ${p.limit} partitions.`,
    hint: () => 'Use a coarser grain or a later start.',
  },
  VP_SOURCE_NOT_PARTITIONED: {
    class: 'config',
    summary: 'Every partition of an asset would read the same rows of its source.',
    message: (p: InAsset & { source: string; missing: readonly string[] }) =>
      `Asset "${p.asset}" is partitioned by ${p.missing.join(' and ')}, but every partition would read the same from the source "${p.source}": no option tells them apart.`,
    hint: () =>
      "Put {partition} into the source's options, as in path: 'data/{partition}.csv' (data/date=2026-01.csv), or the name of the dimension: {date} is 2026-01. Data that lies in one place: read it whole in an asset without partitions, and cut it in a partitioned SQL asset with partition.start and partition.end.",
  },
  VP_SOURCE_PLACEHOLDER_UNKNOWN: {
    class: 'config',
    summary: "The options of a partitioned asset's source have a placeholder that means nothing.",
    message: (p: InAsset & { name: string; known: readonly string[]; suggestion: string }) =>
      `Asset "${p.asset}" has {${p.name}} in the options of its source, but a partition of it has only ${p.known.map((name) => `{${name}}`).join(', ')}.`,
    hint: (p) => p.suggestion || 'Use one of these, or remove the braces.',
  },
  VP_PARTITION_UNKNOWN: {
    class: 'user',
    summary: 'A partition that the command line names does not exist.',
    message: (p: { partition: string; suggestion: string }) =>
      `No selected asset has a partition "${p.partition}".`,
    hint: (p) => p.suggestion || 'Forms: 2001-03, 2001-01..2001-06, latest, date=2001-03,region=eu.',
  },
  VP_PARTITION_UNMAPPED: {
    class: 'config',
    summary: 'A partition needs one of its input that does not exist.',
    message: (p: InAsset & { partition: string; input: string }) =>
      `Partition ${p.partition} of asset "${p.asset}" has no counterpart in its input "${p.input}".`,
    hint: () =>
      'Let both start at the same time, or map the input with { kind: "all" } or { kind: "window" }.',
  },
});
