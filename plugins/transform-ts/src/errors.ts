import { defineErrors } from '@vp/plugin-sdk';

type Row = { readonly asset: string; readonly row: number };

const excerptOf = (text: string) => (text === '' ? '' : ` Row: ${text}`);

export const { errors, table: errorTable } = defineErrors({
  VP_TS_CODE: {
    class: 'config',
    summary: 'The code of a TypeScript transform is not of the form that the transform takes.',
    message: (p: { asset: string; reason: string }) => `The transform of asset ${p.asset} ${p.reason}.`,
    hint: () => 'Write the transform with the authoring API: rows(…), batches(…) or task(…) with a function.',
  },
  VP_TS_INPUTS: {
    class: 'config',
    summary: 'A row transform has no input, or several.',
    message: (p: { asset: string; inputs: readonly string[] }) =>
      `The row transform of asset ${p.asset} takes exactly one input, it has ${p.inputs.length === 0 ? 'none' : `${p.inputs.length}: ${p.inputs.join(', ')}`}.`,
    hint: () => 'Join the inputs in a SQL asset before, or use a batch transform.',
  },
  VP_TS_SCHEMA_REQUIRED: {
    class: 'config',
    summary: 'An asset with a TypeScript transform declares no schema.',
    message: (p: { asset: string }) => `Asset ${p.asset} has a TypeScript transform and no schema.`,
    hint: () => 'Add `schema: { id: t.int64(), … }` to the asset: its columns are what the function gives.',
  },
  VP_TS_INPUT_FORMAT: {
    class: 'plugin',
    summary: 'The transform was given an input in another format than rows.',
    message: (p: { asset: string; input: string; format: string }) =>
      `Input ${p.input} of asset ${p.asset} came as ${p.format}, not as rows.`,
  },
  VP_TS_THREW: {
    class: 'data',
    summary: "The user's function threw an error.",
    message: (p: {
      asset: string;
      row: number | undefined;
      thrown: string;
      where: string;
      excerpt: string;
    }) =>
      `The transform of asset ${p.asset} failed${p.row === undefined ? '' : ` at input row ${p.row}`}${p.where === '' ? '' : ` (${p.where})`}: ${p.thrown}${/[.!?]$/.test(p.thrown) ? '' : '.'}${excerptOf(p.excerpt)}`,
    hint: () => 'Correct the function, or let it return null for rows to leave out.',
  },
  VP_TS_RESULT: {
    class: 'data',
    summary: "The user's function returned something that is no row.",
    message: (p: Row & { got: string; excerpt: string }) =>
      `The transform of asset ${p.asset} returned ${p.got} for input row ${p.row}.${excerptOf(p.excerpt)}`,
    hint: () => 'Return an object with the columns, an array of such objects, or null to leave the row out.',
  },
  VP_TS_VALUE: {
    class: 'data',
    summary: "A value that the user's function gave does not fit the asset's schema.",
    message: (p: Row & { column: string; type: string; got: string; excerpt: string; fix: string }) =>
      `Column "${p.column}" of asset ${p.asset} is ${p.type}, the transform gave ${p.got} (row ${p.row}).${excerptOf(p.excerpt)}`,
    hint: (p) => p.fix,
  },
  VP_TS_COLUMN_MISSING: {
    class: 'data',
    summary: "A row that the user's function gave lacks a column that may not be NULL.",
    message: (p: Row & { column: string; suggestion: string; excerpt: string }) =>
      `The transform of asset ${p.asset} gave a row without "${p.column}" (row ${p.row}). ${p.suggestion}${excerptOf(p.excerpt)}`.trimEnd(),
    hint: (p) => `Set ${p.column} in the row, or make the column nullable in the schema.`,
  },
  VP_TS_COLUMN_UNKNOWN: {
    class: 'data',
    summary: "A row that the user's function gave has a column that the schema has not.",
    message: (p: Row & { column: string; suggestion: string; excerpt: string }) =>
      `The transform of asset ${p.asset} gave "${p.column}", which is no column of its schema (row ${p.row}). ${p.suggestion}${excerptOf(p.excerpt)}`.trimEnd(),
    hint: (p) => `Add ${p.column} to the schema, or leave it out of the row.`,
  },
  VP_TS_METADATA: {
    class: 'data',
    summary: 'A task returned something that cannot be kept as metadata.',
    message: (p: { asset: string; reason: string }) => `The task ${p.asset} returned ${p.reason}.`,
    hint: () => 'Return a plain object of JSON values, or nothing. Write a bigint as text.',
  },
});
