import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MaterializationRecord, RunRecord } from '@vp/plugin-sdk';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from './store.ts';

const day = 86_400_000;

async function open(keepRunsDays?: number) {
  const folder = await mkdtemp(join(tmpdir(), 'vp-store-'));
  const store = await openStore({ path: join(folder, 'metadata.db'), keepRunsDays });
  onTestFinished(async () => {
    await store[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  /** A run on that day, which makes what these steps say. */
  const run = async (id: string, at: number, steps: readonly string[]) => {
    const record: RunRecord = {
      id,
      status: 'running',
      startedAt: at,
      steps: { total: 1, succeeded: 0, skipped: 0, failed: 0, blocked: 0, cancelled: 0 },
      host: 'elsewhere',
      pid: 1,
      selection: '',
    };
    await store.putRun(record);
    await store.appendEvents([{ type: 'log', seq: at, at, runId: id, level: 'info', message: id }]);
    await store.putMaterializations(
      steps.map(
        (stepId): MaterializationRecord => ({
          asset: stepId,
          runId: id,
          stepId,
          version: id,
          fingerprint: id,
          definition: '',
          definitionParts: {},
          inputs: {},
          durationMs: 1,
          at,
        }),
      ),
    );
    await store.putRun({ ...record, status: 'succeeded', finishedAt: at + 1 });
  };
  await run('old', 1 * day, ['a', 'b']);
  await run('middle', 5 * day, ['a']);
  await run('new', 10 * day, ['a']);
  const versions = async (stepId: string) => (await store.history({ stepId })).map(({ version }) => version);
  return { store, versions };
}

test('runs that are older than they are kept go with their events and history', async () => {
  const { store, versions } = await open(6);
  expect((await store.runs({})).map(({ id }) => id)).toEqual(['new', 'middle']);
  expect((await store.events({})).map(({ event }) => event.runId)).toEqual(['middle', 'new']);
  expect(await versions('a')).toEqual(['new', 'middle']);
});

test('what a step made last is known however old it is', async () => {
  const { store, versions } = await open(1);
  expect(await versions('b')).toEqual(['old']);
  expect((await store.materializations({})).map(({ version }) => version)).toEqual(['new', 'old']);
});

test('everything is kept unless the deployment says otherwise', async () => {
  const { store, versions } = await open();
  expect(await store.runs({})).toHaveLength(3);
  expect(await versions('a')).toEqual(['new', 'middle', 'old']);
});
