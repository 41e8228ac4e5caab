import { setTimeout as wait } from 'node:timers/promises';
import type { RunRecord } from '@vp/contracts';
import { expect } from 'vitest';
import { type Contents, versionedProject } from './versioned-project.ts';
import { vp, vpJson } from './vp.ts';

export interface KillReport {
  readonly kills: number;
  /** Steps that had ended when the process died, summed. */
  readonly stepsBefore: number;
  /** Runs that were over before the signal came; they count as no kill. */
  readonly missed: number;
  /** Kills after which assets of both versions stood side by side. */
  readonly between: number;
  /** Kills that left staged data behind, which the next run removed. */
  readonly withLeftovers: number;
}

/** Inputs go round through so many versions, so that what is old can be told from what is older. */
const versions = 3;

/**
 * Kills `vp run` with SIGKILL at random moments, and asserts after each that every asset and file is
 * one whole version, that the next run completes, and that nothing is left behind by then.
 */
export async function killAtRandom(request: {
  readonly rows: number;
  readonly kills: number;
  readonly random: () => number;
}): Promise<KillReport> {
  const { rows, kills, random } = request;
  const expected = await undisturbed(rows);
  const project = await versionedProject(rows);
  const { cwd } = project;
  const report = { kills: 0, stepsBefore: 0, missed: 0, between: 0, withLeftovers: 0 };
  try {
    await project.setInputs(0);
    const started = performance.now();
    expect(await vp(['run'], { cwd })).toMatchObject({ code: 0 });
    let duration = performance.now() - started;
    for (let version = 1; report.kills < kills; version = (version + 1) % versions) {
      const previous = (version + versions - 1) % versions;
      await project.setInputs(version);
      const killed = await killedRun(cwd, random() * duration);
      if (killed === undefined) report.missed += 1;
      else {
        report.kills += 1;
        report.stepsBefore += killed;
        if (project.leftovers().length > 0) report.withLeftovers += 1;
        const found = { ...(await project.assets()), ...(await project.published()) };
        expectWhole(found, expected, [previous, version]);
        const seen = new Set(Object.values(found).map((content) => content.versions[0]));
        if (seen.size > 1) report.between += 1;
        const [last] = (await vpJson<readonly RunRecord[]>(['runs', 'list', '--limit', '1'], { cwd })).data;
        expect(last?.status).toMatch(/^(crashed|succeeded)$/);
      }
      const again = performance.now();
      const completed = await vp(['run'], { cwd });
      if (killed === undefined || killed === 0) duration = performance.now() - again;
      expect(completed, completed.stdout + completed.stderr).toMatchObject({ code: 0 });
      expect({ ...(await project.assets()), ...(await project.published()) }).toEqual(expected[version]);
      expect(project.leftovers()).toEqual([]);
    }
  } finally {
    await project.dispose();
  }
  return report;
}

/** What each version looks like in a project that nobody disturbs. */
async function undisturbed(rows: number): Promise<readonly Contents[]> {
  const project = await versionedProject(rows);
  const found: Contents[] = [];
  try {
    for (let version = 0; version < versions; version += 1) {
      await project.setInputs(version);
      const run = await vp(['run'], { cwd: project.cwd });
      expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 });
      const all = { ...(await project.assets()), ...(await project.published()) };
      expect(Object.values(all).map((content) => content.versions)).toEqual(
        Object.values(all).map(() => [version, version]),
      );
      found.push(all);
    }
  } finally {
    await project.dispose();
  }
  return found;
}

/** Resolves to the number of steps that had ended, or nothing when the run was faster. */
async function killedRun(cwd: string, after: number): Promise<number | undefined> {
  const { promise: known, resolve: know } = Promise.withResolvers<(signal: NodeJS.Signals) => void>();
  const running = vp(['run'], { cwd, onStart: know });
  const kill = await known;
  await Promise.race([wait(after), running]);
  kill('SIGKILL');
  const { code, stderr } = await running;
  return code === null ? (stderr.match(/^ {2}ok /gm)?.length ?? 0) : undefined;
}

function expectWhole(found: Contents, expected: readonly Contents[], allowed: readonly number[]): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected[0] ?? {}));
  for (const [name, content] of Object.entries(found)) {
    const [version] = content.versions;
    expect(allowed, `${name} is of version ${version}`).toContain(version);
    expect(content, `${name} is torn`).toEqual(expected[version]?.[name]);
  }
}

/** A generator of numbers from 0 to 1 that gives the same ones again for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
