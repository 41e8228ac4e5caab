import { defineErrors } from '@vp/contracts';

/** A test calls `runAsset` with what it cannot run. */
export const { errors, table } = defineErrors({
  VP_TESTING_INPUT_UNKNOWN: {
    class: 'user',
    summary: 'A test gives rows for an input that the asset does not have.',
    message: (p: { asset: string; input: string; suggestion: string }) =>
      `asset("${p.asset}") has no input "${p.input}".`,
    hint: (p) => p.suggestion,
  },
  VP_TESTING_INPUT_MISSING: {
    class: 'user',
    summary: 'A test gives no rows for an input of the asset.',
    message: (p: { asset: string; input: string }) =>
      `asset("${p.asset}") reads "${p.input}", and the test has no rows for it.`,
    hint: (p) => `Add inputs: { ${p.input}: [] }.`,
  },
  VP_TESTING_INPUT_SCHEMA: {
    class: 'user',
    summary: 'A test gives rows for an asset whose columns are not declared.',
    message: (p: { input: string }) =>
      `The columns of "${p.input}" are not declared, so that its rows cannot be made up.`,
    hint: (p) => `Give asset("${p.input}") a schema; \`vp types pull ${p.input}\` writes one.`,
  },
  VP_TESTING_NOT_RUNNABLE: {
    class: 'user',
    summary: 'An asset that reads from a source, or has no table, is run by a test.',
    message: (p: { asset: string; why: string }) =>
      `asset("${p.asset}") cannot be run on given rows: ${p.why}.`,
    hint: () => 'Test an asset that computes its rows from others: sql, rows or batches.',
  },
  VP_TESTING_STEP_FAILED: {
    class: 'data',
    summary: 'The asset that a test ran has failed.',
    message: (p: { asset: string; reason: string }) => `asset("${p.asset}") failed: ${p.reason}`,
  },
});
