import type { Branded } from '../core/brand.ts';

/**
 * How the taps of a hook run.
 *
 * - `series`: one after the other; the first error ends it
 * - `parallel`: all at once; all errors are reported together
 * - `bail`: one after the other until one gives something other than `undefined`
 * - `waterfall`: each gets what the one before gave; `undefined` keeps the value
 */
export type HookKind = 'series' | 'parallel' | 'bail' | 'waterfall';

/** The name of a moment that plugins can tap, with the type of its one argument. */
export interface HookRef<Arg, Result = void> extends Branded<'@vp/hook-ref', 'v1'> {
  readonly id: string;
  readonly major: number;
  readonly kind: HookKind;
  readonly key: string;
  /** Phantom, never set. */
  readonly $arg?: Arg;
  readonly $result?: Result;
}

/** Names a hook. A waterfall's result is its argument's type. */
export function createHookRef<Arg, Result = void>(init: {
  readonly id: string;
  readonly major: number;
  readonly kind: HookKind;
}): HookRef<Arg, Result> {
  return { $$type: '@vp/hook-ref', version: 'v1', ...init, key: `${init.id}@${init.major}` };
}

/** Where a tap stands: `order` first, then plugin dependency, then plugin id. */
export type HookOrder = 'pre' | 'normal' | 'post';

/** A function that runs at a hook. `signal` aborts when the run is cancelled or the tap times out. */
export type HookTap<Arg, Result = void> = (
  arg: Arg,
  context: { readonly signal: AbortSignal },
) => Result | undefined | Promise<Result | undefined>;

/** Options of one tap. */
export interface HookTapOptions {
  readonly order?: HookOrder;
  /** Milliseconds after which the tap is given up and its plugin named; 30,000 when left out. */
  readonly timeoutMs?: number;
}
