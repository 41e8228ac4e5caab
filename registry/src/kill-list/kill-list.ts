import { readFile } from 'node:fs/promises';
import { documentMessage, type KillList, type KillListEntry, killListSchema } from '@vp/contracts/registry';
import type { Keyring } from '../keys/keyring.ts';
import { errorCode, writeDurable } from '../store/durable.ts';

/** The versions that this registry withdrew, signed and numbered. */
export interface KillLists {
  current(): KillList;
  find(name: string, version: string): KillListEntry | undefined;
  add(entry: KillListEntry): Promise<void>;
  remove(name: string, version: string): Promise<void>;
  /** After a rotation: a list is signed by the key in use. */
  resign(): Promise<void>;
}

export async function openKillList(file: string, keyring: Keyring): Promise<KillLists> {
  const read = await readList(file);
  let list = read ?? signed(0, []);
  const save = async (next: KillList) => {
    await writeDurable(file, `${JSON.stringify(next, undefined, 2)}\n`);
    list = next;
  };
  // Also when a process died between rotating the key and signing anew.
  if (list.signature.keyid !== keyring.keys()[0]?.keyid) list = signed(list.serial, list.entries);
  if (list !== read) await save(list);

  function signed(serial: number, entries: readonly KillListEntry[]): KillList {
    const document = { serial, entries: [...entries] };
    return { ...document, signature: keyring.sign(documentMessage(document)) };
  }
  const is = (name: string, version: string) => (each: KillListEntry) =>
    each.package === name && each.version === version;
  return {
    current: () => list,
    find: (name, version) => list.entries.find(is(name, version)),
    add: (entry) => save(signed(list.serial + 1, [...list.entries, entry])),
    remove: (name, version) => {
      const left = list.entries.filter((each) => !is(name, version)(each));
      return save(signed(list.serial + 1, left));
    },
    resign: () => save(signed(list.serial, list.entries)),
  };
}

async function readList(file: string): Promise<KillList | undefined> {
  try {
    return killListSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
