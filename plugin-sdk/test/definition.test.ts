import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { conformanceReportSchema } from '@vp/contracts/registry';
import { expect, test } from 'vitest';
import { loadConformance } from '../src/conformance/definition/load.ts';
import { alerterKit, defineConformance, runDefinition } from '../src/conformance/index.ts';
import type { RunnerMessage } from '../src/conformance/runner.ts';
import subjects from './fixtures/subjects.ts';

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);

test('every subject of a definition is run, each by the kit of its point', async () => {
  const told: string[] = [];
  const contributions = await runDefinition(subjects, {
    onLaw: (law, { id, variant = '' }) => told.push(`${id} ${variant} ${law.id} ${law.outcome}`),
  });
  expect(contributions.map(({ point, variant }) => [point, variant])).toEqual([
    ['alerter', 'right'],
    ['alerter', 'wrong'],
    ['auth', undefined],
  ]);
  const [right, wrong] = contributions;
  expect(right?.laws.some(({ outcome }) => outcome === 'failed')).toBe(false);
  expect(wrong?.laws.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual([
    'A11',
    'A17',
  ]);
  expect(told).toContain('memory wrong A11 failed');
  const report = { plugin: 'memory', version: '1.0.0', contributions };
  expect(conformanceReportSchema.parse(report)).toEqual(report);
});

test('laws can be chosen, and a law that there is not is told', async () => {
  const chosen = await runDefinition(subjects, { laws: ['A11'] });
  expect(chosen.map(({ laws }) => laws.map(({ outcome }) => outcome))).toEqual([['passed'], ['failed']]);
  await expect(runDefinition(subjects, { laws: ['S99'] })).rejects.toMatchObject({ code: 'VP_SDK_NO_LAW' });
});

test('a subject that cannot be made breaks its laws, and what is shared is let go of', async () => {
  let disposed = 0;
  const broken = defineConformance({
    alerters: {
      x: {
        create: () => {
          throw new Error('no port is free');
        },
      },
    },
    async dispose() {
      disposed += 1;
    },
  });
  const problems: (string | undefined)[] = [];
  const [contribution] = await runDefinition(broken, { onLaw: ({ error }) => problems.push(error?.message) });
  expect(contribution?.laws.every(({ outcome }) => outcome === 'failed')).toBe(true);
  expect(problems[0]).toContain('no port is free');
  expect(disposed).toBe(1);
});

test('a module that exports no subjects is told from one that cannot be imported', async () => {
  const load = (name: string) => loadConformance(fixture(name));
  await expect(load('memory-auth.ts')).rejects.toThrow('has no default export');
  await expect(load('nothing.ts')).rejects.toMatchObject({ code: 'VP_SDK_NO_SUBJECTS' });
  expect(await load('subjects.ts')).toBe(subjects);
});

async function runner(...args: readonly string[]): Promise<readonly RunnerMessage[]> {
  const child = fork(join(import.meta.dirname, '../src/conformance/runner.ts'), [...args]);
  const messages: RunnerMessage[] = [];
  child.on('message', (message: RunnerMessage) => messages.push(message));
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return messages;
}

test('in a process of its own it tells law by law how it goes, and then the whole', async () => {
  const messages = await runner(fixture('subjects.ts'));
  const done = messages.at(-1);
  expect(done).toMatchObject({ type: 'done' });
  expect(messages.filter(({ type }) => type === 'law').length).toBeGreaterThan(2 * alerterKit.laws.length);
  expect(messages).toContainEqual(
    expect.objectContaining({
      law: expect.objectContaining({ id: 'A11', outcome: 'failed', problem: expect.stringContaining('A11') }),
    }),
  );
  expect(await runner(fixture('nothing.ts'))).toMatchObject([{ type: 'failed', code: 'VP_SDK_NO_SUBJECTS' }]);
});
