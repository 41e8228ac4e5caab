import { defineErrors } from '@vp/contracts';

export const { errors, table: planErrorTable } = defineErrors({
  VP_PLAN_INPUT_MISSING: {
    class: 'user',
    summary: 'A selected asset needs an input that was never computed and is not selected.',
    message: (p: { step: string; input: string; asset: string; partitions: readonly string[] }) =>
      `${p.step} needs ${p.input}, which has no data yet and is not part of this plan.`,
    hint: (p) =>
      `Select its upstream too: ${['vp run', `+${p.asset}`, ...p.partitions.map((text) => `--partition ${text}`)].join(' ')}`,
  },
  VP_PLAN_PARTITION_MISSING: {
    class: 'user',
    summary: 'A selected partition needs others of its input that were never computed and are not selected.',
    message: (p: { step: string; input: string; asset: string; partitions: readonly string[] }) =>
      `${p.step} needs ${p.input}, which has no data yet and is not part of this plan.`,
    hint: (p) =>
      `Compute it first: ${['vp run', `+${p.asset}`, ...p.partitions.map((text) => `--partition ${text}`)].join(' ')}`,
  },
  VP_PLAN_WINDOW_EMPTY: {
    class: 'user',
    summary: 'A window has no partition of its input, and the columns of that input are not known.',
    message: (p: { step: string; input: string }) =>
      `${p.step} reads a window of ${p.input} that lies outside of its partitions: it is empty, and its columns are not known, because ${p.input} declares no schema and was never computed.`,
    hint: (p) => `Declare a schema for ${p.input}, or compute it first: vp run +${p.input}`,
  },
  VP_PLAN_NO_RUNS: {
    class: 'user',
    summary: '--from-failed was given, and there is no run to go on from.',
    message: () => 'There is no finished run to go on from.',
    hint: () => 'Start one with `vp run`.',
  },
  VP_PLAN_NOTHING_FAILED: {
    class: 'user',
    summary: '--from-failed was given, and every step of the last run succeeded.',
    message: (p: { runId: string }) => `In the last run, ${p.runId}, every selected step succeeded.`,
    hint: () => 'Leave out --from-failed: `vp run` computes what has changed since.',
  },
  VP_PLAN_FORMAT_NONE: {
    class: 'config',
    summary: 'Two parts have no data format in common.',
    message: (p: { from: string; to: string; offers: readonly string[]; accepts: readonly string[] }) =>
      `${p.from} gives ${p.offers.join(', ') || 'nothing'} and ${p.to} takes ${p.accepts.join(', ') || 'nothing'}: they have no format in common.`,
    hint: (p) =>
      `Put an asset of the engine between ${p.from} and ${p.to}, or use a plugin that speaks a format of both.`,
  },
  VP_PLAN_FORMAT_FORCED: {
    class: 'user',
    summary: 'The data format that was asked for is not possible here.',
    message: (p: { format: string; from: string; to: string; common: readonly string[] }) =>
      `The format "${p.format}" is not possible from ${p.from} to ${p.to}.`,
    hint: (p) => `Possible: ${p.common.join(', ')}.`,
  },
});
