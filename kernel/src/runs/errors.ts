import { defineErrors, type LockOwner } from '@vp/contracts';

export const { errors, table: runErrorTable } = defineErrors({
  VP_RUN_LOCKED: {
    class: 'user',
    summary: 'Another process runs the pipeline of this deployment.',
    message: (p: { owner: LockOwner }) =>
      `Another run is under way: "${p.owner.purpose}", process ${p.owner.pid} on ${p.owner.host}, since ${new Date(p.owner.since).toISOString()}.`,
    hint: () => 'Wait up to ten minutes for it: vp run --wait 600. Or stop it: vp runs cancel latest.',
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
  VP_WORKER_RUN_UNKNOWN: {
    class: 'config',
    summary: 'A worker was given a run that its store does not know.',
    message: (p: { run: string }) => `The store of this deployment knows no run ${p.run}.`,
    hint: () => 'A worker needs the store, the project and the data of the process that started it.',
  },
  VP_WORKER_RUN_OVER: {
    class: 'user',
    summary: 'A worker was given a step of a run that has ended.',
    message: (p: { run: string; status: string }) => `The run ${p.run} is over: ${p.status}.`,
    hint: () => 'Only the process that leads a run starts workers. Start another one: vp run',
  },
  VP_WORKER_STEP_UNKNOWN: {
    class: 'internal',
    summary: 'A worker was given a step that the plan of the run does not have.',
    message: (p: { run: string; step: string; suggestion: string }) =>
      `The plan of the run ${p.run} has no step "${p.step}".`,
    hint: (p) => p.suggestion || 'The fault is in the executor: it may only run steps of its plan.',
  },
  VP_WORKER_DIFFERS: {
    class: 'config',
    summary: "A worker's deployment is not that of the run: the step would mean something else there.",
    message: (p: { step: string; differences: readonly string[] }) =>
      `The worker's deployment differs from that of the run in what makes ${p.step}: ${p.differences.join(', ')}.`,
    hint: () => 'Give workers the same project, plugins, environment and connections, then run again.',
  },
  VP_WORKER_LOST: {
    class: 'transient',
    summary: 'A worker ended without the result of its step.',
    message: (p: { step: string; attempt: number; ending: string }) =>
      `The worker of ${p.step} (attempt ${p.attempt}) ended without a result: ${p.ending}.`,
    hint: () => 'What it had not committed is removed by a later run; another attempt does no harm.',
  },
  VP_WORKER_ELSEWHERE: {
    class: 'config',
    summary: 'What a worker says it has committed is not there.',
    message: (p: { step: string; said: string; found: string | undefined }) =>
      `The worker of ${p.step} says that ${p.said} is current, and here ${p.found ?? 'nothing'} is.`,
    hint: () =>
      'Let workers use the same store and the same place for data as the process that started them.',
  },
  VP_WORKER_UNREAD: {
    class: 'plugin',
    summary: 'The store or the engine failed while the result of a worker was written or read.',
    message: (p: { step: string; reason: string }) =>
      `What the worker of ${p.step} did is not known: ${p.reason}`,
    hint: () => 'What was committed is safe. `vp run` goes on from here.',
  },
});
