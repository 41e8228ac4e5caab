import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStoreContract } from '../test/store-contract.ts';
import { openStore } from './store.ts';

describeStoreContract('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vp-store-'));
  return {
    open: () => openStore({ path: join(folder, 'nested', 'metadata.db') }),
    remove: () => rm(folder, { recursive: true }),
  };
});
