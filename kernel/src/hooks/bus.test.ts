import { createHookRef, type HookKind, isVpError, type VpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { HookBus } from './bus.ts';

const hook = <Arg = string, Result = void>(kind: HookKind, id = `test.${kind}`) =>
  createHookRef<Arg, Result>({ id, major: 1, kind });

async function failure(work: Promise<unknown>): Promise<VpError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (isVpError(error)) return error;
  throw error;
}

const never = () => new Promise<never>(() => {});
const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

describe('kinds', () => {
  test('series: one after the other; the first error ends it', async () => {
    const bus = new HookBus();
    const ref = hook('series');
    const log: string[] = [];
    bus.tap({ plugin: 'a', ref, run: async () => void log.push(await after(5, 'a')) });
    bus.tap({ plugin: 'b', ref, run: () => void log.push('b') });
    await bus.call(ref, 'x');
    expect(log).toEqual(['a', 'b']);
    bus.tap({
      plugin: '0',
      ref,
      run: () => {
        throw new Error('broken');
      },
    });
    const error = await failure(bus.call(ref, 'x'));
    expect(error).toMatchObject({ code: 'VP_HOOK_TAP_FAILED', plugin: '0', phase: 'hook test.series@1' });
    expect(error.message).toBe('0 failed in hook test.series@1: broken');
    expect(log).toEqual(['a', 'b']);
  });

  test('parallel: all at once, and every error is reported', async () => {
    const bus = new HookBus();
    const ref = hook('parallel');
    const done: string[] = [];
    bus.tap({ plugin: 'a', ref, run: () => Promise.reject('text') });
    bus.tap({ plugin: 'b', ref, run: async () => void done.push(await after(5, 'b')) });
    bus.tap({ plugin: 'c', ref, run: () => Promise.reject(new Error('other')) });
    const error = await failure(bus.call(ref, 'x'));
    expect(done).toEqual(['b']);
    expect(error.code).toBe('VP_HOOK_TAPS_FAILED');
    const cause = error.cause instanceof AggregateError ? error.cause.errors : [];
    expect(cause.map((each: VpError) => [each.plugin, each.code])).toEqual([
      ['a', 'VP_HOOK_TAP_FAILED'],
      ['c', 'VP_HOOK_TAP_FAILED'],
    ]);
  });

  test('bail: the first answer wins and ends it', async () => {
    const bus = new HookBus();
    const ref = hook<string, number>('bail');
    bus.tap({ plugin: 'a', ref, run: () => undefined });
    bus.tap({ plugin: 'b', ref, run: async () => after(2, 7) });
    bus.tap({ plugin: 'c', ref, run: () => 9 });
    expect(await bus.call(ref, 'x')).toBe(7);
    expect(await bus.call(hook<string, number>('bail', 'test.empty'), 'x')).toBeUndefined();
  });

  test('waterfall: undefined keeps the value, and nobody gives the argument back', async () => {
    const bus = new HookBus();
    const ref = hook<string, string>('waterfall');
    expect(await bus.call(ref, 'x')).toBe('x');
    bus.tap({ plugin: 'a', ref, run: (value) => `${value}a` });
    bus.tap({ plugin: 'b', ref, run: () => undefined });
    bus.tap({ plugin: 'c', ref, run: async (value) => `${value}c` });
    expect(await bus.call(ref, 'x')).toBe('xac');
  });
});

test('order: pre, normal, post; then dependency; then id; then the order of tapping', async () => {
  const bus = new HookBus({ rank: (plugin) => (plugin === 'a' ? 1 : 0) });
  const ref = hook('series');
  const log: string[] = [];
  const tap = (plugin: string, order?: 'pre' | 'post', name = plugin) =>
    bus.tap({ plugin, ref, run: () => void log.push(name), options: order === undefined ? {} : { order } });
  tap('z', 'post');
  tap('c', undefined, 'c1');
  tap('a');
  tap('c', undefined, 'c2');
  tap('b');
  tap('y', 'pre');
  await bus.call(ref, 'x');
  expect(log).toEqual(['y', 'b', 'c1', 'c2', 'a', 'z']);
  expect(bus.taps(ref.key)).toEqual(['y', 'b', 'c', 'c', 'a', 'z']);
});

test('a tap can be taken away, once', async () => {
  const bus = new HookBus();
  const ref = hook('series');
  const log: string[] = [];
  bus.tap({ plugin: 'a', ref, run: () => void log.push('a') });
  const remove = bus.tap({ plugin: 'b', ref, run: () => void log.push('b') });
  await bus.call(ref, 'x');
  remove();
  remove();
  await bus.call(ref, 'x');
  expect(log).toEqual(['a', 'b', 'a']);
});

describe('time', () => {
  test('a tap that hangs is named and given up; its signal aborts; later taps do not run', async () => {
    const bus = new HookBus();
    const ref = hook('series');
    let aborted: unknown;
    const ran: string[] = [];
    bus.tap({
      plugin: 'slow',
      ref,
      run: (_, { signal }) => {
        signal.addEventListener('abort', () => (aborted = signal.reason));
        return never();
      },
      options: { timeoutMs: 20 },
    });
    bus.tap({ plugin: 'zzz', ref, run: () => void ran.push('zzz') });
    const error = await failure(bus.call(ref, 'x'));
    expect(error).toMatchObject({ code: 'VP_HOOK_TAP_TIMEOUT', plugin: 'slow', phase: 'hook test.series@1' });
    expect(aborted).toBe(error);
    expect(ran).toEqual([]);
  });

  test('in a parallel hook each has its own time, and the quick ones count', async () => {
    const bus = new HookBus();
    const ref = hook('parallel');
    const quick: string[] = [];
    bus.tap({ plugin: 'a', ref, run: never, options: { timeoutMs: 40 } });
    bus.tap({ plugin: 'b', ref, run: never, options: { timeoutMs: 10 } });
    bus.tap({
      plugin: 'c',
      ref,
      run: async () => void quick.push(await after(5, 'c')),
      options: { timeoutMs: 2_000 },
    });
    const error = await failure(bus.call(ref, 'x'));
    expect(error.code).toBe('VP_HOOK_TAPS_FAILED');
    expect(error.message).toMatch(
      /^2 taps failed .*b did not come back .* 10 ms.*a did not come back .* 40 ms/,
    );
    expect(quick).toEqual(['c']);
  });

  test('a late answer of a tap that was given up changes nothing', async () => {
    const bus = new HookBus();
    const ref = hook<string, string>('waterfall');
    let ran = 0;
    bus.tap({ plugin: 'late', ref, run: () => after(30, 'late'), options: { timeoutMs: 5 } });
    bus.tap({ plugin: 'next', ref, run: () => void ran++ });
    expect(await failure(bus.call(ref, 'x'))).toMatchObject({ plugin: 'late' });
    await after(40, 0);
    expect(ran).toBe(0);
  });

  test('an abort reaches the tap and ends the call with its reason', async () => {
    const bus = new HookBus();
    const ref = hook('series');
    const log: string[] = [];
    const controller = new AbortController();
    bus.tap({
      plugin: 'a',
      ref,
      run: (_, { signal }) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          controller.abort('enough');
        }),
    });
    bus.tap({ plugin: 'b', ref, run: () => void log.push('b') });
    await expect(bus.call(ref, 'x', controller.signal)).rejects.toBe('enough');
    await expect(bus.call(ref, 'x', AbortSignal.abort('before'))).rejects.toBe('before');
    expect(log).toEqual([]);
  });
});

test('a tap behind a patient one is given up in its own time', async () => {
  const bus = new HookBus();
  const ref = hook('series');
  bus.tap({ plugin: 'a', ref, run: () => after(2, undefined), options: { timeoutMs: 5_000 } });
  bus.tap({ plugin: 'b', ref, run: never, options: { timeoutMs: 10 } });
  expect(await failure(bus.call(ref, 'x'))).toMatchObject({ code: 'VP_HOOK_TAP_TIMEOUT', plugin: 'b' });
});

test('one hook with two kinds is refused', () => {
  const bus = new HookBus();
  bus.tap({ plugin: 'a', ref: hook('series', 'test.x'), run: () => undefined });
  expect(() => bus.tap({ plugin: 'b', ref: hook('parallel', 'test.x'), run: () => undefined })).toThrow(
    expect.objectContaining({ code: 'VP_HOOK_KIND', plugin: 'b' }),
  );
});
