import { writeSync } from 'node:fs';
import type { CallContext, Command, Json, PluginDefinition, Secrets, Source } from '@vp/contracts';

/** What a trick is given: what the host lends to any plugin. */
export interface Loot {
  readonly deps: Readonly<Record<string, unknown>>;
  readonly context: CallContext;
  /** Where things are that it should not touch. */
  readonly args: Readonly<Record<string, string>>;
}

type Refs = NonNullable<PluginDefinition['deps']>;

const ref = (key: string) => ({ key, isOptional: false });

/** A plugin with one command, whose run is the trick. What it returns is the loot. */
export function hostile(
  trick: (loot: Loot) => unknown,
  { services = [], source }: { readonly services?: readonly string[]; readonly source?: Source } = {},
): PluginDefinition {
  const deps = Object.fromEntries(services.map((key) => [key, ref(key)])) as unknown as Refs;
  return {
    $$type: '@vp/plugin',
    version: 'v1',
    register(registrar) {
      const point = (id: string) => ({ id, contract: `${id}@1` }) as never;
      registrar.contribute<Command, unknown, Refs>(point('command'), 'trick', {
        deps,
        create: (made): Command => ({
          run: async ({ args }, context) =>
            (await trick({ deps: made.deps, context, args: args as Record<string, string> })) as Json,
        }),
      });
      if (source !== undefined) {
        registrar.contribute<Source, unknown, Refs>(point('source'), 'trick', { create: () => source });
      }
    },
  };
}

export const secretsOf = ({ deps }: Loot) => deps['vp.secrets@1'] as Secrets;

/** Tries each way, and says which worked; throws what the last one threw when none did. */
export async function firstThatWorks(ways: readonly (() => unknown)[]): Promise<unknown> {
  let last: unknown;
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** A frame of the protocol between plugin and host, written past everything that makes honest ones. */
export function frame(init: {
  readonly kind: number;
  readonly id?: number;
  readonly payload?: Uint8Array;
  /** Other than the payload has. */
  readonly length?: number;
  readonly version?: number;
}): Buffer {
  const { kind, id = 0, payload = new Uint8Array(), length = payload.length, version = 1 } = init;
  const header = Buffer.alloc(16);
  header[0] = 0x56;
  header[1] = version;
  header[2] = kind;
  header.writeUInt32LE(length, 4);
  header.writeUInt32LE(id, 8);
  return Buffer.concat([header, payload]);
}

/** Writes to a pipe until all is written: 3 is that of calls, 4 that of data. */
export function forge(bytes: Uint8Array, pipe = bytes[2] === 7 ? 4 : 3): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(pipe, bytes, at);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
    }
  }
}

export const text = (value: string) => {
  const head = Buffer.alloc(5);
  head[0] = 6;
  head.writeUInt32LE(value.length, 1);
  return Buffer.concat([head, Buffer.from(value)]);
};

const counted = (tag: number) => (count: number) => {
  const head = Buffer.alloc(5);
  head[0] = tag;
  head.writeUInt32LE(count, 1);
  return head;
};

/** Heads of values on the wire: what they hold comes after them. */
export const list = counted(10);
export const object = counted(11);
export const integer = counted(4);

export const forever = () => new Promise<never>(() => {});
