import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunRecord, RunSummary } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'shop');
  await vp(['init', 'shop'], { cwd: folder.path });
  const toml = join(cwd, 'vp.toml');
  writeFileSync(toml, readFileSync(toml, 'utf8').replace('["pipeline.ts"]', '["pipeline.ts", "slow.ts"]'));
  writeFileSync(join(cwd, 'slow.ts'), slow);
});
afterAll(() => dispose());

/** Far longer than the test takes, and quick to be interrupted; quick when `fast` is there. */
const slow = `
import { existsSync } from 'node:fs';
import { asset, sql } from 'vibepiper';
import { weatherKinds } from './pipeline.ts';
const times = existsSync(new URL('./fast', import.meta.url)) ? sql\`1\` : sql\`400\`;
export const slow = asset('slow', {
  sql: sql\`select count(*) as n, (select count(*) from \${weatherKinds}) as kinds
    from range(30000000) a, range(\${times}) b where hash(a.range + b.range) % 7 = 1\`,
  version: 'same',
});
export const after = asset('after', { sql: sql\`select n + 1 as n from \${slow}\` });
`;

/** Runs until `slow` is what is left, then does something to the run. */
async function duringRun(act: (kill: (signal: NodeJS.Signals) => void) => Promise<void> | void) {
  let acting: Promise<void> | undefined;
  const result = await vp(['run'], {
    cwd,
    onOutput: (text, kill) => {
      if (acting === undefined && /ok +weather_kinds/.test(text)) acting = wait(400).then(() => act(kill));
    },
  });
  await acting;
  return result;
}

const newest = async () =>
  (await vpJson<readonly RunRecord[]>(['runs', 'list', '--limit', '1'], { cwd })).data[0];

test('Ctrl-C leaves whole data, says what was finished and how to go on, and the next run goes on', async () => {
  const stopped = await duringRun((kill) => kill('SIGINT'));
  expect(stopped.code, stopped.stdout + stopped.stderr).toBe(130);
  expect(stopped.stderr).toContain('Stopping');
  expect(stopped.stdout).toMatch(/weather_kinds +ok/);
  expect(stopped.stdout).toMatch(/slow +cancelled/);
  expect(stopped.stdout).toMatch(/Next:\n +vp run --from-failed/);
  expect(await newest()).toMatchObject({ status: 'cancelled' });
  const rows = await vpJson(['query', 'select count(*) as n from weather'], { cwd });
  expect(rows.data).toMatchObject({ rows: [{ n: 60 }] });

  writeFileSync(join(cwd, 'fast'), '');
  const resumed = await vpJson<RunSummary>(['run', '--from-failed'], { cwd });
  expect(resumed.code).toBe(0);
  const done = resumed.data.results.filter(({ status }) => status === 'succeeded');
  expect(done.map(({ stepId }) => stepId)).toEqual(expect.arrayContaining(['slow', 'after']));
  expect(done.map(({ stepId }) => stepId)).not.toContain('weather');
});

test('a second run is refused by name and process, and another process can cancel the first', async () => {
  rmSync(join(cwd, 'fast'));
  writeFileSync(join(cwd, 'slow.ts'), slow.replace("'same'", "'other'"));
  const first = vp(['run'], { cwd });
  let running: RunRecord | undefined;
  for (let look = 0; look < 100 && running === undefined; look++) {
    await wait(100);
    running = (await vpJson<readonly RunRecord[]>(['runs', 'list', '--status', 'running'], { cwd })).data[0];
  }
  const second = await vpJson<{ error: { code: string; message: string } }>(['run'], { cwd });
  expect([second.code, second.data.error.code]).toEqual([2, 'VP_RUN_LOCKED']);
  expect(second.data.error.message).toContain(`process ${running?.pid}`);

  const cancelled = await vpJson(['runs', 'cancel', 'latest'], { cwd });
  expect(cancelled).toMatchObject({ code: 0, data: { run: running?.id, requested: true } });
  expect((await first).code).toBe(130);
  const again = await vpJson(['runs', 'cancel', 'latest'], { cwd });
  expect(again).toMatchObject({ code: 2, data: { error: { code: 'VP_CLI_RUN_NOT_RUNNING' } } });
});
