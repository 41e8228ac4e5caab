import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { administer, startRegistry } from '../src/index.ts';
import { killInMidPublish } from './lib/kill-publish.ts';
import { testRegistry } from './lib/registry.ts';

// At 30 points: test/long/registry-kill.test.ts.
test('a registry that is killed in mid-publish lists whole versions only, and takes the publish again', async () => {
  await using registry = await testRegistry();
  const { dataDir, token } = registry;
  await registry.running.stop();
  const cuts = await killInMidPublish({ dataDir, token, points: 4 });
  expect(cuts.flatMap(({ wrong }) => wrong)).toEqual([]);
});

test('one process a data folder: a second is refused by the name of the first, a dead one is taken over', async () => {
  await using registry = await testRegistry();
  const { dataDir, running } = registry;
  await expect(startRegistry({ dataDir, port: 0 })).rejects.toMatchObject({
    code: 'VP_REGISTRY_BUSY',
    message: `${dataDir} is served by process ${running.pid} already, at ${running.url}.`,
  });
  process.kill(running.pid, 'SIGKILL');
  await running.ended;
  await using next = await startRegistry({ dataDir, port: 0 });
  expect(next.adminToken).toBe(undefined);
  const racing = await Promise.allSettled(
    Array.from({ length: 4 }, () => startRegistry({ dataDir, port: 0 })),
  );
  expect(racing.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
});

test('an administrator who is too early waits for a registry that is just starting', async () => {
  await using registry = await testRegistry();
  const { dataDir } = registry;
  await registry.running.stop();
  const starting = startRegistry({ dataDir, port: 0 });
  await expect.poll(() => existsSync(`${dataDir}/running`), { interval: 5 }).toBe(true);
  const status = await administer({ dataDir }, 'status', {});
  await using running = await starting;
  expect(status.url).toBe(running.url);
});

test('a registry ends with the process that started it', async () => {
  await using registry = await testRegistry();
  const { dataDir } = registry;
  await registry.running.stop();
  const { spawn } = await import('node:child_process');
  const script = `
    import { startRegistry } from ${JSON.stringify(new URL('../src/start.ts', import.meta.url).href)};
    const registry = await startRegistry({ dataDir: ${JSON.stringify(dataDir)}, port: 0 });
    console.log(registry.url);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (text) => resolve(String(text).trim())),
  );
  expect((await fetch(new URL('-/ping', url))).status).toBe(200);
  parent.kill('SIGKILL');
  const until = Date.now() + 10_000;
  const gone = async () =>
    fetch(new URL('-/ping', url)).then(
      () => false,
      () => true,
    );
  while (!(await gone()) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await gone()).toBe(true);
});

test('a port that is taken and a configuration that is wrong are said by name', async () => {
  await using registry = await testRegistry();
  const port = Number(new URL(registry.url).port);
  const dataDir = `${registry.folder}/other`;
  await expect(startRegistry({ dataDir, port })).rejects.toMatchObject({ code: 'VP_REGISTRY_PORT' });
  await expect(startRegistry({ dataDir, port: -1 })).rejects.toMatchObject({ code: 'VP_REGISTRY_CONFIG' });
});
