import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { callContext, openWorkbench } from '../../test/workbench.ts';
import { fileSink } from './sink.ts';

const script = fileURLToPath(new URL('../../test/write-process.ts', import.meta.url));

test('killed at any moment: the file is that of a whole commit, and the meta says of which', {
  timeout: 60_000,
}, async () => {
  const bench = await openWorkbench();
  const sink = fileSink({ format: 'csv', paths: bench.paths, native: bench.native });
  const options = { path: 'a.csv' };
  let last = 0;
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, [script, bench.folder, String(last + 1)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = last;
    child.stdout.on('data', (text) => {
      said = Number(String(text).trim().split('\n').at(-1));
    });
    await once(child.stdout, 'data');
    await pause(Math.random() * 60);
    child.kill('SIGKILL');
    await once(child, 'close');

    const { committed } = await sink.inspect({ options }, callContext());
    const token = Number(committed?.token);
    expect(token).toBeGreaterThanOrEqual(said);
    expect(await bench.rows(options)).toHaveLength(token);
    last = token;
  }
  await sink.recover?.({ options }, callContext());
  expect((await readdir(bench.folder)).filter((n) => n !== '.vp')).toEqual(['.a.csv.vp.json', 'a.csv']);
});
