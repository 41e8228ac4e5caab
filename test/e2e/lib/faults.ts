import type { RunSummary, VpErrorJson } from '@vp/contracts';
import { expect } from 'vitest';

/** Exit codes by class of error, as `vp` promises them. */
const exitCodes: Readonly<Record<VpErrorJson['class'], number>> = {
  data: 1,
  user: 2,
  config: 3,
  transient: 4,
  plugin: 5,
  internal: 70,
};

/** What every error of `vp` has, whatever it is about. */
export function expectDecent(error: VpErrorJson, where: 'placed' | 'anywhere' = 'placed'): void {
  expect(error.code).toMatch(/^VP_[A-Z0-9_]+$/);
  expect(error.docs).toBe(`errors.md#${error.code.toLowerCase()}`);
  expect(error.message, error.code).toMatch(/[.?!`^)}]$/m);
  // A remedy: as a hint, or as a suggestion in the message.
  expect(`${error.hint ?? ''}${/Did you mean|Is it/.exec(error.message)?.[0] ?? ''}`, error.code).not.toBe(
    '',
  );
  expect(error.class, error.message).not.toBe('internal');
  if (where === 'placed') expect(error.at?.file, `${error.code} says no file`).toBeTruthy();
  expectNoStack(JSON.stringify(error).replaceAll('\\n', '\n'));
}

/** Frames of a stack, which no user should have to read. */
export function expectNoStack(text: string): void {
  expect(text).not.toMatch(/^ +at (?:.+ \(.*:\d+:\d+\)|(?:async )?(?:file:|node:|\/).*:\d+:\d+)$/m);
  expect(text).not.toMatch(/node:internal|\bdist\/bundle\//);
}

/** The error of a command that did not start, and its exit code. */
export function expectRefused(
  answer: { readonly code: number | null; readonly data: { readonly error: VpErrorJson } },
  where: 'placed' | 'anywhere' = 'placed',
): VpErrorJson {
  const { error } = answer.data;
  expect(error, JSON.stringify(answer.data)).toBeDefined();
  expectDecent(error, where);
  expect(answer.code, error.code).toBe(exitCodes[error.class]);
  return error;
}

/** The error of a step. */
export function errorOf({ results }: RunSummary, stepId: string): VpErrorJson {
  const error = results.find((result) => result.stepId === stepId)?.error;
  expect(error, `${stepId} has no error`).toBeDefined();
  if (error === undefined) throw new Error(stepId);
  expectDecent(error);
  return error;
}
