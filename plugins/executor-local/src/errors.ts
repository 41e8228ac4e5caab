import { defineErrors } from '@vp/plugin-sdk';

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

export const { errors, table: errorTable } = defineErrors({
  VP_STEP_TIMEOUT: {
    class: 'transient',
    summary: 'A step took longer than its time-out and was stopped.',
    message: (p: { step: string; timeoutMs: number }) => `Step ${p.step} took longer than ${p.timeoutMs} ms.`,
    hint: () => "Give it more: `timeoutMs` of the asset's policy, or `timeout_ms` in [executor.local].",
    exitCode: 1,
  },
  VP_STEP_UNRESPONSIVE: {
    class: 'plugin',
    summary: 'A step did not stop when it was told to, and was given up.',
    message: (p: { step: string; graceMs: number; why: string }) =>
      `Step ${p.step} did not stop within ${p.graceMs} ms after ${p.why}. It may still be running.`,
    hint: () =>
      'End this process before you run it again. The plugin of the step must obey its abort signal.',
  },
  VP_STEP_REJECTED: {
    class: 'internal',
    summary: 'The host rejected a step instead of giving its result.',
    message: (p: { step: string; problem: string }) => `Step ${p.step} ended without a result: ${p.problem}`,
  },
  VP_EXECUTOR_MEMORY: {
    class: 'config',
    summary: 'A step that needs much memory cannot start: the process has reached its hard limit.',
    message: (p: { step: string; rss: number; limit: number }) =>
      `Step ${p.step} cannot start: this process uses ${megabytes(p.rss)} and its limit is ${megabytes(p.limit)}.`,
    hint: () =>
      'Raise memory.hard in [executor.local], lower memory_limit of the engine, or partition the asset.',
  },
  VP_EXECUTOR_BAD_PLAN: {
    class: 'internal',
    summary: 'A plan cannot be run: two steps of one id, or steps that wait for each other.',
    message: (p: { problem: string }) => `The plan cannot be run: ${p.problem}.`,
  },
  VP_EXECUTOR_BAD_OPTION: {
    class: 'user',
    summary: 'A setting of the run is not what the executor takes.',
    message: (p: { name: string; expected: string; got: string }) =>
      `${p.name} must be ${p.expected}, not ${p.got}.`,
    hint: (p) => `Correct --${p.name} or executor.local.${p.name}.`,
  },
});
