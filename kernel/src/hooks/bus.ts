import type { HookKind, HookOrder, HookRef, HookTap, HookTapOptions } from '@vp/contracts';
import { AsyncParallelHook, AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from 'tapable';
import { type AnyTap, type Callback, Dispatch } from './dispatch.ts';
import { errors } from './errors.ts';
import { Watchdog } from './watchdog.ts';

/** What the four kinds of tapable hook have in common, for us. */
interface TapableHook {
  tapAsync(name: string, run: (arg: unknown, dispatch: Dispatch, done: Callback) => void): void;
  callAsync(arg: unknown, dispatch: Dispatch, done: Callback): void;
}

interface Tap extends AnyTap {
  readonly order: HookOrder;
  readonly sequence: number;
}

interface Hook {
  readonly kind: HookKind;
  readonly taps: Tap[];
  /** tapable has no way to remove a tap, so it is made anew after a change. */
  compiled: TapableHook | undefined;
}

const defaultTimeoutMs = 30_000;
const orders: Readonly<Record<HookOrder, number>> = { pre: 0, normal: 1, post: 2 };

const makers: Readonly<Record<HookKind, (name: string) => TapableHook>> = {
  series: (name) => new AsyncSeriesHook<[unknown, Dispatch]>(['arg', 'dispatch'], name),
  parallel: (name) => new AsyncParallelHook<[unknown, Dispatch]>(['arg', 'dispatch'], name),
  bail: (name) => new AsyncSeriesBailHook<[unknown, Dispatch], unknown>(['arg', 'dispatch'], name),
  waterfall: (name) => new AsyncSeriesWaterfallHook<[unknown, Dispatch]>(['arg', 'dispatch'], name),
};

/** Hooks by name. tapable runs the taps; order, time-outs, errors and removal are done here. */
export class HookBus {
  readonly #hooks = new Map<string, Hook>();
  readonly #rank: (plugin: string) => number;
  readonly #watchdog = new Watchdog();
  #sequence = 0;

  /** `rank` grows along dependencies: a plugin comes after those that it depends on. */
  constructor(init: { readonly rank?: (plugin: string) => number } = {}) {
    this.#rank = init.rank ?? (() => 0);
  }

  /** Adds a tap of `plugin`; returns how to take it away. */
  tap<Arg, Result>(init: {
    readonly plugin: string;
    readonly ref: HookRef<Arg, Result>;
    readonly run: HookTap<Arg, Result>;
    readonly options?: HookTapOptions | undefined;
  }): () => void {
    const { plugin, ref, run, options } = init;
    const hook = this.#hook(ref, plugin);
    const tap: Tap = {
      plugin,
      // Whoever calls a hook passes its `Arg`; the key ties the two together.
      run: run as AnyTap['run'],
      order: options?.order ?? 'normal',
      timeoutMs: options?.timeoutMs ?? defaultTimeoutMs,
      sequence: this.#sequence++,
    };
    hook.taps.push(tap);
    hook.taps.sort(this.#compare);
    hook.compiled = undefined;
    return () => {
      const at = hook.taps.indexOf(tap);
      if (at < 0) return;
      hook.taps.splice(at, 1);
      hook.compiled = undefined;
    };
  }

  /** Plugins that tap the hook, in the order in which they run. */
  taps(key: string): readonly string[] {
    return this.#hooks.get(key)?.taps.map((tap) => tap.plugin) ?? [];
  }

  /** Runs the taps. Gives the value of a bail or waterfall. @throws VpError naming plugin and hook */
  call<Arg, Result>(ref: HookRef<Arg, Result>, arg: Arg, signal?: AbortSignal): Promise<Result> {
    const hook = this.#hooks.get(ref.key);
    if (hook === undefined || hook.taps.length === 0) {
      // Nobody listens: a waterfall's value is its argument, the others have none.
      return Promise.resolve((ref.kind === 'waterfall' ? arg : undefined) as Result);
    }
    hook.compiled ??= this.#compile(ref.key, hook);
    const compiled = hook.compiled;
    return new Promise<Result>((resolve, reject) => {
      const dispatch = new Dispatch({
        hook: ref.key,
        collect: hook.kind === 'parallel',
        signal,
        watchdog: this.#watchdog,
        settle: (error, result) => {
          if (error === undefined || error === null || error === false) resolve(result as Result);
          else reject(error);
        },
      });
      compiled.callAsync(arg, dispatch, (error, result) => dispatch.finish(error, result));
    });
  }

  #compile(key: string, hook: Hook): TapableHook {
    const compiled = makers[hook.kind](key);
    for (const tap of hook.taps) {
      compiled.tapAsync(tap.plugin, (arg, dispatch, done) => dispatch.run(tap, arg, done));
    }
    return compiled;
  }

  #hook(ref: HookRef<never, unknown> | HookRef<unknown, unknown>, plugin: string): Hook {
    const known = this.#hooks.get(ref.key);
    if (known === undefined) {
      const hook: Hook = { kind: ref.kind, taps: [], compiled: undefined };
      this.#hooks.set(ref.key, hook);
      return hook;
    }
    if (known.kind !== ref.kind) {
      throw errors.VP_HOOK_KIND(
        { hook: ref.key, plugin, wanted: ref.kind, actual: known.kind },
        { plugin, phase: 'register' },
      );
    }
    return known;
  }

  readonly #compare = (a: Tap, b: Tap): number =>
    orders[a.order] - orders[b.order] ||
    this.#rank(a.plugin) - this.#rank(b.plugin) ||
    (a.plugin < b.plugin ? -1 : a.plugin > b.plugin ? 1 : a.sequence - b.sequence);
}
