import { defineErrors, didYouMean } from '@vp/plugin-sdk';

export const { errors, table: errorTable } = defineErrors({
  VP_CHECKS_UNKNOWN_RULE: {
    class: 'config',
    summary: 'A check names a rule that @vp/checks does not have.',
    message: (p: { rule: string; asset: string; known: readonly string[] }) =>
      `Rule "${p.rule}" of asset ${p.asset} does not exist.`,
    hint: (p) => didYouMean(p.rule, p.known),
  },
  VP_CHECKS_UNKNOWN_COLUMN: {
    class: 'config',
    summary: 'A check names a column that the data does not have.',
    message: (p: { check: string; column: string; known: readonly string[] }) =>
      `Check ${p.check}: there is no column "${p.column}".`,
    hint: (p) => didYouMean(p.column, p.known),
  },
  VP_CHECKS_UNKNOWN_OPTION: {
    class: 'config',
    summary: 'A check has an option that its rule does not know.',
    message: (p: { check: string; option: string; known: readonly string[] }) =>
      `Check ${p.check}: the rule has no option "${p.option}".`,
    hint: (p) => didYouMean(p.option, p.known) || `Remove ${p.option}: the rule takes no options.`,
  },
  VP_CHECKS_INVALID_OPTION: {
    class: 'config',
    summary: 'An option of a check has a value that the rule cannot use.',
    message: (p: { check: string; option: string; problem: string }) =>
      `Check ${p.check}: option ${p.option} ${p.problem}.`,
  },
  VP_CHECKS_UNSUPPORTED_ENGINE: {
    class: 'config',
    summary: 'The checked data lies in an engine whose SQL @vp/checks does not write.',
    message: (p: { dialect: string }) => `Checks cannot be compiled for the engine "${p.dialect}".`,
    hint: () => 'Set engine = "duckdb" for the asset, or use a validator made for that engine.',
  },
});
