import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createRedactor } from '../secrets/index.ts';
import { recentEvents, writeCrashDump } from './crash-dump.ts';
import { createEventStream } from './stream.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

test('a crash dump tells what happened, for the owner only and without secrets', async () => {
  const project = await mkdtemp(join(tmpdir(), 'vp-crash-'));
  folders.push(project);
  const redactor = createRedactor();
  redactor.add('hunter2');
  const stream = createEventStream({ redactor, clock: { now: () => 1 } });
  const events = recentEvents(stream, 2);
  for (const message of ['a', 'b', 'c', 'd hunter2', 'e', 'f hunter2']) {
    stream.publish({ type: 'log', level: 'info', message });
  }
  const path = writeCrashDump({
    folder: join(project, '.vp', 'tmp'),
    redactor,
    error: new Error('boom hunter2', { cause: 'hunter2' }),
    context: { argv: ['vp', '--set', 'password=hunter2'] },
    events: events(),
    now: new Date(0),
  });
  expect(path).toMatch(/crash-1970-01-01T00-00-00-000Z-\d+\.json$/);
  const text = await readFile(path, 'utf8');
  expect(text).not.toContain('hunter2');
  expect(JSON.parse(text)).toMatchObject({
    error: { message: 'boom [redacted]', cause: '[redacted]' },
    events: [{ message: 'e' }, { message: 'f [redacted]' }],
  });
  expect((await stat(path)).mode & 0o077).toBe(0);
});
