import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  alerterKit,
  authKit,
  checkConformance,
  runConformance,
  writeConformance,
} from '../src/conformance/index.ts';
import { memoryAlerterSubject } from './fixtures/memory-alerter.ts';
import { memoryAuthSubject } from './fixtures/memory-auth.ts';

let from: string;
beforeEach(async () => {
  from = await mkdtemp(join(tmpdir(), 'vp-report-'));
  await writeFile(join(from, 'package.json'), JSON.stringify({ name: '@acme/memory', version: '1.2.3' }));
});
afterEach(() => rm(from, { recursive: true }));

const alerter = (fault?: string) => runConformance(alerterKit, { create: () => memoryAlerterSubject(fault) });
const auth = () => runConformance(authKit, { create: () => memoryAuthSubject() });

test('contributions are written side by side, also at the same time, and always the same', async () => {
  const results = [await alerter(), await auth()] as const;
  const write = () =>
    Promise.all([
      writeConformance(results[1], { id: 'memory', from }),
      writeConformance(results[0], { id: 'memory', from }),
      writeConformance(results[0], { id: 'memory', variant: 'other', from }),
    ]);
  const [file = ''] = await write();
  const text = await readFile(file, 'utf8');
  const report = JSON.parse(text);
  expect(report).toMatchObject({ plugin: '@acme/memory', version: '1.2.3' });
  expect(report.contributions.map((c: { point: string; variant?: string }) => [c.point, c.variant])).toEqual([
    ['alerter', undefined],
    ['alerter', 'other'],
    ['auth', undefined],
  ]);
  await write();
  expect(await readFile(file, 'utf8')).toBe(text);
  checkConformance(results[0], { id: 'memory', from });
});

test('a report that is missing, of another version or of another outcome is stale, and says how', async () => {
  const good = await alerter();
  const target = { id: 'memory', from };
  const stale = (message: RegExp) =>
    expect.objectContaining({ code: 'VP_SDK_REPORT_STALE', message: expect.stringMatching(message) });
  expect(() => checkConformance(good, target)).toThrow(stale(/does not exist/));
  await writeConformance(good, target);
  expect(() => checkConformance(good, { ...target, id: 'mamory' })).toThrow(
    stale(/nothing about alerter mamory/),
  );
  const bad = await alerter('never retries');
  expect(() => checkConformance(bad, target)).toThrow(stale(/A11 is failed, the file says passed/));
  await writeFile(join(from, 'package.json'), JSON.stringify({ name: '@acme/memory', version: '2.0.0' }));
  expect(() => checkConformance(good, target)).toThrow(stale(/memory@1.2.3, this is @acme\/memory@2.0.0/));
});
