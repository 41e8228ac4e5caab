import type { RunSummary } from '@vp/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { useProcessExecutor } from '../e2e/lib/process-executor.ts';
import { versionedProject } from '../e2e/lib/versioned-project.ts';
import { vp, vpJson } from '../e2e/lib/vp.ts';

const rounds = 12;

test(`kill -9 of every first worker of ${rounds} runs at random moments: each ends with the data of a run that nobody disturbed`, {
  timeout: 1_800_000,
}, async () => {
  const [calm, disturbed] = await Promise.all([versionedProject(50_000), versionedProject(50_000)]);
  onTestFinished(calm.dispose);
  onTestFinished(disturbed.dispose);
  useProcessExecutor(disturbed.cwd, { concurrency: 4, kill_first_after_ms: 2_000 });
  let killed = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const project of [calm, disturbed]) await project.setInputs(round % 3);
    expect(await vpJson<RunSummary>(['run'], { cwd: calm.cwd })).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await vp(['run', '--json'], { cwd: disturbed.cwd });
    expect(code, stderr + stdout).toBe(0);
    const data: RunSummary = JSON.parse(stdout);
    killed += data.results.filter(({ attempt }) => attempt > 1).length;
    expect(await disturbed.assets()).toEqual(await calm.assets());
    expect(await disturbed.published()).toEqual(await calm.published());
  }
  expect(killed).toBeGreaterThan(rounds);
});
