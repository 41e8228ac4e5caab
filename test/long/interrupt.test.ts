import { setTimeout as wait } from 'node:timers/promises';
import type { RunSummary, VpErrorJson } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded } from '../e2e/lib/kill.ts';
import { type Contents, type VersionedProject, versionedProject } from '../e2e/lib/versioned-project.ts';
import { type VpResult, vp, vpJson } from '../e2e/lib/vp.ts';

let project: VersionedProject;
const expected: Contents[] = [];
let duration: number;

const read = async (): Promise<Contents> => ({ ...(await project.assets()), ...(await project.published()) });

beforeAll(async () => {
  project = await versionedProject(100_000);
  for (const version of [0, 1, 0]) {
    await project.setInputs(version);
    const started = performance.now();
    expect(await vp(['run'], { cwd: project.cwd })).toMatchObject({ code: 0 });
    duration = performance.now() - started;
    expected[version] = await read();
  }
});
afterAll(() => project.dispose());

async function interrupted(after: number): Promise<VpResult> {
  const { promise: known, resolve: know } = Promise.withResolvers<(signal: NodeJS.Signals) => void>();
  const running = vp(['run'], { cwd: project.cwd, onStart: know });
  const kill = await known;
  await Promise.race([wait(after), running]);
  kill('SIGINT');
  return running;
}

const stepsThat = (word: string, text: string) =>
  [...text.matchAll(new RegExp(`^ {2}${word} +(\\S+)`, 'gm'))].map((match) => match[1]);

test('Ctrl-C at 20 random moments: exit 130, nothing staged stays, and --from-failed does only the rest', async () => {
  const { cwd } = project;
  const seed = Number(process.env.VP_SEED ?? Date.now());
  const random = seeded(seed);
  const report = { interrupts: 0, early: 0, missed: 0, resumed: 0, steps: 0 };
  for (let version = 1; report.interrupts < 20; version = 1 - version) {
    await project.setInputs(version);
    const stopped = await interrupted(200 + random() * (duration - 200));
    expect(stopped.stdout + stopped.stderr).not.toMatch(/VP_[A-Z_]*INTERNAL|node:internal/);
    if (stopped.code === 0) report.missed += 1;
    // Nobody listens yet while Node starts; and before the run there is none to go on with.
    else if (stopped.code === null || !stopped.stdout.includes('Next:')) report.early += 1;
    else {
      report.interrupts += 1;
      expect(stopped.code).toBe(130);
      expect(stopped.stdout).toMatch(/Next:\n +vp run --from-failed/);
      expect(project.leftovers()).toEqual([]);
      for (const [name, content] of Object.entries(await read())) {
        expect([expected[0]?.[name], expected[1]?.[name]], name).toContainEqual(content);
      }
      const before = stepsThat('ok', stopped.stderr);
      const resumed = await vpJson<RunSummary>(['run', '--from-failed'], { cwd });
      expect(resumed.code, JSON.stringify(resumed.data)).toBe(0);
      const again = resumed.data.results.filter(({ status }) => status === 'succeeded').map((r) => r.stepId);
      expect(again.filter((step) => before.includes(step))).toEqual([]);
      report.resumed += again.length;
      report.steps += before.length;
    }
    expect((await vp(['run'], { cwd })).code).toBe(0);
    expect(await read()).toEqual(expected[version]);
  }
  console.log(`seed ${seed}:`, report);
});

test('several runs at once: one runs, the others are refused by its name and process, or wait for it', async () => {
  const { cwd } = project;
  for (const version of [1, 0, 1]) {
    await project.setInputs(version);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        vpJson<RunSummary & { readonly error?: VpErrorJson }>(['run'], { cwd }),
      ),
    );
    const refused = answers.filter(({ data }) => data.error !== undefined);
    expect(refused.length).toBeLessThan(4);
    for (const { code, data } of refused) {
      expect([code, data.error?.code]).toEqual([2, 'VP_RUN_LOCKED']);
      expect(data.error?.message).toMatch(/"vp run", process \d+ on /);
    }
    for (const { code, data } of answers.filter((answer) => !refused.includes(answer))) {
      expect([code, data.run.status]).toEqual([0, 'succeeded']);
    }
    expect(await read()).toEqual(expected[version]);
  }
  await project.setInputs(0);
  const waiting = await Promise.all([0, 1, 2].map(() => vp(['run', '--wait', '60'], { cwd })));
  expect(waiting.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await read()).toEqual(expected[0]);
});
