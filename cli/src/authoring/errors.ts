import { defineErrors } from '@vp/contracts';

/** Mistakes in calls of the authoring API. TypeScript finds most of them before they can happen. */
export const { errors, table } = defineErrors({
  VP_AUTHORING_NAME_INVALID: {
    class: 'config',
    summary: 'The name of an asset, input or publish is not made of lower case letters, digits and `_`.',
    message: (p: { call: string; name: string }) =>
      `${p.call}: ${p.name} is no valid name. Names are lower case letters, digits and "_", begin with a letter, and are grouped by ".".`,
    hint: () => 'For example "orders" or "shop.daily_orders".',
  },
  VP_AUTHORING_OPTION_UNKNOWN: {
    class: 'config',
    summary: 'A call of the authoring API has an option that does not exist.',
    message: (p: { call: string; option: string; suggestion: string }) =>
      `${p.call} has no option "${p.option}".`,
    hint: (p) => p.suggestion,
  },
  VP_AUTHORING_OPTION_INVALID: {
    class: 'config',
    summary: 'An option or argument of the authoring API has a value of the wrong kind.',
    message: (p: { call: string; option: string; expected: string; got: string }) =>
      `${p.call}: ${p.option} must be ${p.expected}, but is ${p.got}.`,
  },
  VP_AUTHORING_COMPUTE_MISSING: {
    class: 'config',
    summary: 'An asset does not say how its data comes to be.',
    message: (p: { call: string }) => `${p.call} does not say how its data comes to be.`,
    hint: () => 'Give it one of: source, sql, rows (with from), batches (with inputs), task.',
  },
  VP_AUTHORING_COMPUTE_AMBIGUOUS: {
    class: 'config',
    summary: 'An asset says in more than one way how its data comes to be.',
    message: (p: { call: string; keys: string }) => `${p.call} is computed in more than one way: ${p.keys}.`,
    hint: () => 'Keep one, or make two assets of it.',
  },
  VP_AUTHORING_OPTION_MISSING: {
    class: 'config',
    summary: 'An option that another option needs is missing.',
    message: (p: { call: string; option: string; why: string; example: string }) =>
      `${p.call} needs the option "${p.option}": ${p.why}.`,
    hint: (p) => `Add ${p.example}.`,
  },
  VP_AUTHORING_OPTION_MISPLACED: {
    class: 'config',
    summary: 'An option has no meaning for this kind of asset.',
    message: (p: { call: string; option: string; why: string }) =>
      `${p.call}: the option "${p.option}" has no meaning here: ${p.why}.`,
  },
  VP_AUTHORING_COLUMN_UNKNOWN: {
    class: 'config',
    summary: 'A column is named that the schema of the asset does not have.',
    message: (p: { call: string; column: string; asset: string; suggestion: string }) =>
      `${p.call}: column "${p.column}" is not in the schema of ${p.asset}.`,
    hint: (p) => p.suggestion,
  },
  VP_AUTHORING_SQL_HOLE: {
    class: 'config',
    summary: 'A hole of a sql`…` template holds something that cannot stand in SQL.',
    message: (p: { hole: number; after: string; got: string }) =>
      `Hole ${p.hole} of the sql template (after "${p.after}") holds ${p.got}, which cannot stand in SQL.`,
    hint: (p) =>
      p.got === 'undefined'
        ? 'Is it a misspelt column, or an asset of a module that imports this one in a circle?'
        : 'Allowed: an asset, asset.columns.x, partition.start/end/key, another sql`…`, text, number, bigint, boolean, null.',
  },
  VP_AUTHORING_PARTITION_MISSING: {
    class: 'config',
    summary: 'A bound of a partition is used by an asset that has no such partition dimension.',
    message: (p: { call: string; bound: string; why: string }) =>
      `${p.call} uses ${p.bound} in its SQL, but ${p.why}.`,
    hint: () =>
      'Add e.g. partitions: daily({ start: "2026-01-01" }), or name the dimension: partition.of("region").key.',
  },
  VP_AUTHORING_DUPLICATE: {
    class: 'config',
    summary: 'Two different assets, checks or publishes of a pipeline have the same name.',
    message: (p: { what: string; name: string; first: string; second: string }) =>
      `Two ${p.what} are called "${p.name}": ${p.first} and ${p.second}.`,
    hint: () => 'Rename one of them.',
  },
  VP_AUTHORING_VALUE_INVALID: {
    class: 'data',
    summary: 'A date, time or duration cannot be converted without losing something.',
    message: (p: { call: string; value: string; why: string }) => `${p.call}: ${p.value} ${p.why}.`,
  },
});
