import { hostname } from 'node:os';
import { openStore } from '../src/store.ts';

// A process of its own for the tests: `node store-process.ts <database> <role> <argument>`.
const [path = '', role = '', argument = ''] = process.argv.slice(2);
const store = await openStore({ path });

const roles: Readonly<Record<string, () => Promise<void>>> = {
  async append() {
    for (let i = 0; i < 200; i++) {
      await store.appendEvents([
        { seq: i, at: i, type: 'log', level: 'info', message: `${argument}-${i}`, runId: argument },
      ]);
    }
  },
  async count() {
    for (let done = 0; done < 100; ) {
      const present = await store.getState('counter');
      const value = typeof present?.value === 'number' ? present.value : 0;
      if (await store.putState('counter', value + 1, present?.version ?? 0)) done += 1;
    }
  },
  async hold() {
    const lock = await store.acquireLock('run', argument);
    await store.putRun({
      id: argument,
      status: 'running',
      startedAt: 1,
      selection: '*',
      pid: process.pid,
      host: hostname(),
      steps: { total: 0, succeeded: 0, failed: 0, skipped: 0, blocked: 0, cancelled: 0 },
    });
    process.stdout.write('heldBy' in lock ? 'refused\n' : 'held\n');
    setInterval(() => undefined, 1000);
  },
};

await roles[role]?.();
if (role !== 'hold') await store[Symbol.asyncDispose]();
