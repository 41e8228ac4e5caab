import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CallContext, type Command, isVpError, points, type Source } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthy, startSample } from './support/healthy.ts';
import { context, type Started } from './support/start.ts';

let project: string;
let plugin: Started;
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'vp-lifecycle-'));
  plugin = await startSample(project);
});
afterAll(async () => {
  await plugin.stop();
  rmSync(project, { recursive: true });
});

const instances = new WeakMap<Started, Promise<Command>>();
const command = (of: Started): Promise<Command> => {
  const known = instances.get(of) ?? of.instance(points.command, 'sample');
  instances.set(of, known);
  return known;
};
const run = async (deed: string, where: CallContext = context(), of = plugin) =>
  await (await command(of)).run({ args: { deed }, flags: {}, json: true, print() {} }, where);
const failure = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    (value) => {
      throw new Error(`gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
const isAlive = (pid: number) => existsSync(`/proc/${pid}`);
const source = (): Promise<Source> => plugin.instance(points.source, 'sample');

test('a call that is aborted rejects with the reason of its signal, whether the plugin listens or not', async () => {
  for (const deed of ['wait', 'deaf']) {
    const controller = new AbortController();
    const reason = new Error('enough');
    const failed = failure(run(deed, context(controller.signal)));
    await delay(50);
    controller.abort(reason);
    expect(await failed).toBe(reason);
  }
  const aborted = AbortSignal.abort(new Error('before'));
  expect(await failure(run('wait', context(aborted)))).toBe(aborted.reason);
});

test('a stream that is aborted ends with the reason, and its producer too', async () => {
  const controller = new AbortController();
  const read = await (await source()).read({ options: {}, format: 'rows' }, context(controller.signal));
  const [part] = read.parts;
  if (part?.carrier !== 'rows') throw new Error('no rows');
  let batches = 0;
  const failed = failure(
    (async () => {
      for await (const _ of part.batches) {
        batches += 1;
        if (batches === 10) controller.abort(new Error('enough'));
      }
    })(),
  );
  expect(await failed).toBe(controller.signal.reason);
  await read.close();
  const made = await run('made');
  await delay(50);
  expect(await run('made')).toBe(made);
});

test.each([
  ['rows', 20],
  ['noise', 40],
] as const)('a consumer of %s that is slow makes the producer wait', async (format, most) => {
  const before = Number(await run('made'));
  const read = await (await source()).read({ options: {}, format }, context());
  const [part] = read.parts;
  const items: AsyncIterable<unknown> | undefined =
    part?.carrier === 'rows' ? part.batches : part?.carrier === 'stream' ? part.stream : undefined;
  const iterator = items?.[Symbol.asyncIterator]();
  for (let i = 0; i < 5; i += 1) await iterator?.next();
  await delay(300);
  expect(Number(await run('made')) - before).toBeLessThan(most);
  await iterator?.return?.();
  await read.close();
});

test('a crash is told with how and with the last lines; the next call finds a new process', async () => {
  const pid = await run('pid');
  const error = await failure(run('exit'));
  expect(error).toMatchObject({ code: 'VP_ISOLATION_CRASHED', class: 'plugin', exitCode: 5 });
  expect(String(error)).toContain('sample@1.0.0 ended with exit code 7');
  expect(await run('pid')).not.toBe(pid);
});

test('a process that ends again and again is not started for ever', async () => {
  await using other = await startSample(project);
  const codes: unknown[] = [];
  for (let i = 0; i < 7; i += 1) {
    const error = await failure(run('exit', context(), other));
    codes.push(isVpError(error) ? error.code : error);
  }
  expect(codes.slice(0, 5)).toEqual(Array(5).fill('VP_ISOLATION_CRASHED'));
  expect(codes.at(-1)).toBe('VP_ISOLATION_RESTARTS');
});

test('the process ends with the plugin, and with its folder', async () => {
  const other = await startSample(project);
  const pid = Number(await run('pid', context(), other));
  expect(isAlive(pid)).toBe(true);
  await other.stop();
  expect(isAlive(pid)).toBe(false);
  expect(await failure(run('pid', context(), other))).toMatchObject({ code: 'VP_ISOLATION_STOPPED' });
});

/** A program of its own that isolates the sample; `run` calls its command. */
function program(work: string) {
  const script = `
    import { startSample } from ${JSON.stringify(join(import.meta.dirname, 'support/healthy.ts'))};
    import { points } from '@vp/contracts';
    import { context } from ${JSON.stringify(join(import.meta.dirname, 'support/start.ts'))};
    const plugin = await startSample(${JSON.stringify(project)});
    const command = await plugin.instance(points.command, 'sample');
    const run = (deed) => command.run({ args: { deed }, flags: {}, json: true, print() {} }, context());
    ${work}
  `;
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const firstLine = (host: ReturnType<typeof program>) =>
  new Promise<string>((resolve) => {
    host.stdout.once('data', (line: Buffer) => resolve(String(line).trim()));
    host.once('exit', (code) => resolve(`exit ${code} and not a word`));
  });

test('a host that is killed leaves no process behind, even one that is busy', async () => {
  const host = program("console.log(await run('pid')); await run('spin');");
  const pid = Number(await firstLine(host));
  await delay(100);
  expect(isAlive(pid)).toBe(true);
  host.kill('SIGKILL');
  for (let i = 0; i < 100 && isAlive(pid); i += 1) await delay(20);
  expect(isAlive(pid)).toBe(false);
});

test('a host that waits for nothing but the plugin waits, and hears of its crash', async () => {
  const waits = program("setTimeout(() => {}, 0); await run('exit').catch((e) => console.log(e.code));");
  expect(await firstLine(waits)).toBe('VP_ISOLATION_CRASHED');
});

test('a host that has nothing more to do ends, and the plugin with it', async () => {
  const host = program("console.log(await run('pid'));");
  const pid = Number(await firstLine(host));
  await new Promise((resolve) => host.once('exit', resolve));
  for (let i = 0; i < 100 && isAlive(pid); i += 1) await delay(20);
  expect(isAlive(pid)).toBe(false);
  expect(foldersOf(host.pid)).toEqual([]);
});

/** What processes of a host left in the folder for temporary files. */
const foldersOf = (pid: number | undefined) =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`vp-isolated-${pid}-`));

test('what a killed host left behind goes with the next one', async () => {
  const host = program("console.log(await run('pid')); await run('wait');");
  await firstLine(host);
  host.kill('SIGKILL');
  await new Promise((resolve) => host.once('exit', resolve));
  expect(foldersOf(host.pid)).toHaveLength(1);
  await new Promise((resolve) => program("console.log(await run('pid'));").once('exit', resolve));
  expect(foldersOf(host.pid)).toEqual([]);
});

test('floods of lines are cut: by call, by print', async () => {
  for (const deed of ['log', 'print']) {
    const where = context();
    await run(deed, where);
    await delay(300);
    expect(where.lines.length).toBeGreaterThan(10);
    expect(where.lines.length).toBeLessThan(5_000);
  }
});

test('errors and results that are traps arrive as plain data', async () => {
  expect(await failure(run('poison'))).toMatchObject({ message: 'An error without a message.' });
  expect(await run('thenable')).toEqual({ value: 1, also: {} });
  // Nobody but VibePiper says that VibePiper is at fault, and nobody speaks for another plugin.
  const error = await failure(run('internal'));
  expect(error).toMatchObject({ code: 'VP_KERNEL_BROKEN', class: 'plugin', plugin: 'sample' });
});

test('after all that, the host reads as before', async () => {
  expect(await healthy(project)).toEqual([1n, 2n, 3n]);
});
