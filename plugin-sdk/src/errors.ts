import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_SDK_CONFIG_INVALID: {
    class: 'config',
    summary: 'The configuration of a contribution passed its JSON Schema but not the schema in its code.',
    message: (p: { readonly problems: readonly string[] }) =>
      `The configuration is not valid: ${p.problems.join('; ')}.`,
    hint: () =>
      'Correct the value in vp.toml. Plugin author: the JSON Schema of the manifest allows it, so make that stricter.',
  },
  VP_SDK_ROW_VALUE: {
    class: 'data',
    summary: 'A row object holds a value that is not of its column’s logical type.',
    message: (p: { readonly row: number; readonly column: string; readonly problem: string }) =>
      `Row ${p.row}, column ${p.column}: ${p.problem}.`,
    hint: (p) => `Convert the value, or declare ${p.column} with the type that it has.`,
  },
  VP_SDK_ROW_UNKNOWN_COLUMN: {
    class: 'data',
    summary: 'A row object has a property that is no column of the schema.',
    message: (p: { readonly row: number; readonly column: string; readonly didYouMean: string }) =>
      `Row ${p.row} has a property ${p.column}, which is no column of the schema. ${p.didYouMean}`,
    hint: (p) => `Add ${p.column} to the schema, or leave it out of the row.`,
  },
  VP_SDK_NOT_ROWS: {
    class: 'plugin',
    summary: 'A payload of another format came where rows were negotiated.',
    message: (p: { readonly format: string; readonly carrier: string }) =>
      `Rows were asked for, and the payload is ${p.format} by ${p.carrier}.`,
    hint: () => 'Give `carrier: "rows"` when the request’s format is "rows".',
  },
  VP_COMMIT_SUPERSEDED: {
    class: 'user',
    summary: 'Somebody else has written to a destination since this write began, so it is not committed.',
    message: (p: { readonly location: string; readonly basedOn: string; readonly found: string }) =>
      `${p.location} was written by ${p.found} after this write began, which follows ${p.basedOn}. Nothing was changed.`,
    hint: () => 'End the other run, or wait for it; `vp run` then decides from what is there.',
  },
  VP_SDK_LAW_BROKEN: {
    class: 'plugin',
    summary: 'A contribution breaks a law of its extension point’s conformance kit.',
    message: (p: { readonly law: string; readonly title: string; readonly problem: string }) =>
      `${p.law} ${p.title}: ${p.problem}`,
    hint: () => 'The law’s `proves` says what depends on it.',
  },
  VP_SDK_REPORT_STALE: {
    class: 'plugin',
    summary: 'The committed conformance.json does not say what the conformance kit found.',
    message: (p: { readonly file: string; readonly problem: string }) =>
      `${p.file} is not up to date: ${p.problem}.`,
    hint: () =>
      'Write it again with `vp plugins conformance`, or run the test with VP_CONFORMANCE_WRITE=1, and commit the file.',
  },
  VP_SDK_NO_LAW: {
    class: 'user',
    summary: 'A law was asked for that none of the kits in question has.',
    message: (p: { readonly laws: readonly string[]; readonly known: readonly string[] }) =>
      `There is no law ${p.laws.join(', ')} for what this plugin brings.`,
    hint: (p) =>
      p.known.length === 0
        ? 'The plugin has no subjects: see defineConformance.'
        : `There are ${p.known[0]} to ${p.known.at(-1)}; docs/conformance.md lists them.`,
  },
  VP_SDK_NO_SUBJECTS: {
    class: 'plugin',
    summary: 'A conformance module does not export what defineConformance gives.',
    message: (p: { readonly file: string; readonly problem: string }) => `${p.file} ${p.problem}.`,
    hint: () => 'Write `export default defineConformance({ sources: { … } })`.',
  },
  VP_SDK_NO_PACKAGE: {
    class: 'user',
    summary: 'There is no package.json in the folder given to the conformance kit, nor above it.',
    message: (p: { readonly folder: string }) =>
      `There is no package.json with a name in ${p.folder}, nor above it.`,
    hint: () => 'Give `from: import.meta.dirname` of a test inside the plugin’s package.',
  },
});
