import { inspect, isDeepStrictEqual } from 'node:util';
import { describeThrown, isVpError, type VpError } from '@vp/contracts';

/** Breaks the law with `problem` unless `condition` holds. */
export function ensure(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem);
}

/** Ends a law that turns out, while it runs, to say nothing about the subject. */
export class NotApplicable extends Error {}

/** Says that the law does not apply, and why. */
export function notApplicable(reason: string): never {
  throw new NotApplicable(reason);
}

/** Breaks the law unless both are deeply the same. */
export function ensureSame(actual: unknown, expected: unknown, what: string): void {
  ensure(isDeepStrictEqual(actual, expected), `${what} is ${show(actual)}, expected ${show(expected)}`);
}

/** A value in a message, on one line and not too long. */
export function show(value: unknown): string {
  const text = inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 8 });
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

/** What the promise rejects with; the law is broken when it resolves. */
export async function ensureRejects(work: Promise<unknown>, what: string): Promise<unknown> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  ensure(
    'error' in outcome,
    `${what} resolved with ${show('value' in outcome ? outcome.value : undefined)}, it must reject`,
  );
  return outcome.error;
}

/** The `VpError` that the promise rejects with; the law is broken by anything else. */
export async function ensureVpError(work: Promise<unknown>, what: string): Promise<VpError> {
  const error = await ensureRejects(work, what);
  ensure(
    isVpError(error),
    `${what} rejected with ${describeThrown(error)}, which is no VpError: users get no code and no hint`,
  );
  ensure(
    error.class !== 'internal',
    `${what} rejected with class internal (${error.code}), which says that VibePiper is broken`,
  );
  return error;
}

/** Milliseconds within which a cancelled call must end. */
export const cancelMs = 1_000;

/** Breaks the law unless the call ends within a second with exactly the signal's reason. */
export async function ensureCancelled(work: Promise<unknown>, reason: unknown, what: string): Promise<void> {
  const error = await within(
    cancelMs,
    ensureRejects(work, `${what}, once aborted,`),
    `${what}, once aborted,`,
  );
  ensure(
    error === reason,
    `${what}, once aborted, rejected with ${describeThrown(error)} instead of the signal's reason`,
  );
}

/** The promise's result, if it comes within `ms`. */
export async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what} did not end within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps what calls give or throw, whichever it is. */
export function outcomes() {
  const seen: unknown[] = [];
  return {
    seen,
    async note(work: () => unknown): Promise<void> {
      try {
        seen.push(await work());
      } catch (error) {
        seen.push(error);
      }
    },
  };
}

/** Breaks the law when one of `secrets` stands in `things`, in the clear, URI-encoded or in base64. */
export function ensureNoSecrets(things: readonly unknown[], secrets: readonly string[]): void {
  const text = things.map((thing) => visible(thing, new Set())).join('\n');
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      const at = text.indexOf(form);
      ensure(
        at < 0,
        `a secret is in the output: ${text.slice(Math.max(0, at - 60), at).replaceAll(/\s+/g, ' ')}<the secret>`,
      );
    }
  }
}

/** Everything of a thing that could end up on a screen: stack, message, details, the causes below. */
function visible(thing: unknown, seen: Set<unknown>): string {
  if (typeof thing === 'string') return thing;
  if (seen.has(thing)) return '';
  seen.add(thing);
  const own = inspect(thing, {
    depth: null,
    maxStringLength: null,
    maxArrayLength: null,
    showHidden: false,
    breakLength: Number.POSITIVE_INFINITY,
  });
  const cause = thing instanceof Error && thing.cause !== undefined ? visible(thing.cause, seen) : '';
  const json = isVpError(thing) ? JSON.stringify(thing) : '';
  return `${own}\n${json}\n${cause}`;
}

/** What makes two errors the same to whoever looks one up or matches one in an alert. */
export async function ensureSameCode(once: () => Promise<unknown>, what: string): Promise<void> {
  const first = await ensureVpError(once(), what);
  const second = await ensureVpError(once(), what);
  for (const { code } of [first, second])
    ensure(/^VP(_[A-Z0-9]+)+$/.test(code), `the code ${code} of ${what} is not VP_ and upper-case words`);
  ensureSame([second.code, second.class], [first.code, first.class], `the second error of ${what}`);
}

/** Breaks the law unless the call ends within a second of the abort, in whichever way. */
export async function ensureEnds(work: Promise<unknown>, what: string): Promise<void> {
  await within(cancelMs, Promise.allSettled([work]), `${what}, once aborted,`);
}

/** The request numbers at which a system is made to fail: all of the first ones. */
export const failingRequests: readonly number[] = Array.from({ length: 12 }, (_, i) => i + 1);
