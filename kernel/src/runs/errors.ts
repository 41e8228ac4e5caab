import { defineErrors, type LockOwner } from '@vp/contracts';

export const { errors, table: runErrorTable } = defineErrors({
  VP_RUN_LOCKED: {
    class: 'user',
    summary: 'Another process runs the pipeline of this deployment.',
    message: (p: { owner: LockOwner }) =>
      `Another run is under way: "${p.owner.purpose}", process ${p.owner.pid} on ${p.owner.host}, since ${new Date(p.owner.since).toISOString()}.`,
    hint: () => 'Wait for it (vp run --wait), or stop it with `vp runs cancel`.',
  },
  VP_RUN_STEP_UNSETTLED: {
    class: 'plugin',
    summary: 'An executor ended without saying how a step ended.',
    message: (p: { executor: string; step: string }) =>
      `The executor "${p.executor}" ended without saying how ${p.step} ended.`,
    hint: () => 'Report it to the author of the executor. `vp run` goes on from here.',
  },
  VP_RUN_EXECUTOR_FAILED: {
    class: 'plugin',
    summary: 'An executor failed as a whole.',
    message: (p: { executor: string; reason: string }) => `The executor "${p.executor}" failed: ${p.reason}`,
    hint: () => 'What was committed is safe. `vp run` goes on from here.',
  },
});
