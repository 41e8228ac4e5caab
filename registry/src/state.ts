import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ResolvedConfig } from './config/read.ts';
import { type Keyring, openKeyring } from './keys/keyring.ts';
import { type KillLists, openKillList } from './kill-list/kill-list.ts';
import { reconcileYanks } from './kill-list/yank.ts';
import { sweepLeftovers } from './store/durable.ts';
import { type Layout, layoutOf } from './store/layout.ts';
import { type LiveCatalogue, openCatalogue } from './store/live-catalogue.ts';
import { createMutex, type Mutex } from './store/mutex.ts';
import { createPackageStore, type PackageStore } from './store/packages.ts';
import { openUsers, type Users } from './users/users.ts';

/** All that a data folder holds, opened by the process that has its lock. */
export interface RegistryState {
  readonly config: ResolvedConfig;
  readonly layout: Layout;
  readonly store: PackageStore;
  readonly keyring: Keyring;
  readonly users: Users;
  readonly killList: KillLists;
  readonly catalogue: LiveCatalogue;
  /** Held while anything of the data folder changes. */
  readonly changes: Mutex;
  /** Where it is served, while it is. */
  readonly serving: { url: string | undefined };
}

/** Opens a data folder, makes what is missing, and mends what a killed process left. Needs the folder's lock. */
export async function openState(config: ResolvedConfig): Promise<RegistryState> {
  const layout = layoutOf(config.data);
  await mkdir(layout.cache, { recursive: true });
  const store = createPackageStore(layout.packages);
  await store.sweep();
  const [keyring, users, catalogue] = await Promise.all([
    openKeyring(layout.keys),
    openUsers(layout),
    openCatalogue(store),
  ]);
  await sweepLeftovers([layout.root, dirname(layout.keys)]);
  const killList = await openKillList(layout.killList, keyring);
  const serving = { url: undefined };
  const state: RegistryState = {
    config,
    layout,
    store,
    keyring,
    users,
    killList,
    catalogue,
    changes: createMutex(),
    serving,
  };
  await reconcileYanks(state);
  return state;
}
