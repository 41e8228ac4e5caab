import { setTimeout as delay } from 'node:timers/promises';
import type { Command, Json, PluginDefinition, RowBatch, Source, TableSchema } from '@vp/contracts';

const schema: TableSchema = { fields: [{ name: 'id', type: { kind: 'int64' }, nullable: false }] };
const point = (id: string) => ({ id, contract: `${id}@1` }) as never;
type Refs = NonNullable<PluginDefinition['deps']>;

let made = 0;

/** Batches of three rows, as many as the options say; all when they do not. */
async function* batches(first: number, count: number, signal: AbortSignal): AsyncGenerator<RowBatch> {
  for (let batch = first; batch < count; batch += 1) {
    signal.throwIfAborted();
    made += 1;
    const before = BigInt(batch * 3);
    yield { length: 3, columns: [[before + 1n, before + 2n, before + 3n]], state: batch + 1 };
  }
}

const source: Source = {
  async check({ signal }) {
    signal.throwIfAborted();
    return { ok: true, message: 'ready' };
  },
  async discover(_, { signal }) {
    signal.throwIfAborted();
    return [{ options: {}, name: 'sample', schema, formats: ['rows'], bounded: true }];
  },
  async read({ options, format, state }, { signal }) {
    signal.throwIfAborted();
    const count = Number(options.batches ?? Number.POSITIVE_INFINITY);
    const first = Number(state ?? 0);
    // Bytes that mean nothing, for tests of back-pressure.
    const part =
      format === 'noise'
        ? ({ carrier: 'stream', format, schema, stream: bytes(count) } as const)
        : ({ carrier: 'rows', format: 'rows', schema, batches: batches(first, count, signal) } as const);
    return {
      schema,
      bounded: true,
      parts: [part],
      state: async () => (Number.isFinite(count) ? count : 0),
      close: async () => undefined,
    };
  },
};

async function* bytes(count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i += 1) {
    made += 1;
    yield Buffer.alloc(200_000, i);
  }
}

/** What the command does, by its argument. */
const deeds: Readonly<Record<string, (context: Parameters<Command['run']>[1]) => unknown>> = {
  made: () => made,
  pid: () => process.pid,
  exit: () => process.exit(7),
  log(context) {
    for (let i = 0; i < 20_000; i += 1) context.logger.info(`line ${i}`);
  },
  async print() {
    const line = `${'y'.repeat(500)}\n`;
    for (let i = 0; i < 4_000; i += 1) if (!process.stdout.write(line)) await delay(1);
  },
  wait: ({ signal }) => delay(60_000, undefined, { signal }),
  deaf: () => delay(60_000),
  spin() {
    for (;;);
  },
  poison() {
    throw Object.defineProperties(new Error('seen'), {
      message: {
        get() {
          throw new Error('poison');
        },
      },
      stack: { value: { toString: () => 'x' } },
    });
  },
  // biome-ignore lint/suspicious/noThenProperty: what a host that awaits results must stand
  thenable: () => ({ value: 1, also: { then: (give: (value: unknown) => void) => give('taken over') } }),
  internal() {
    throw Object.defineProperty(
      Object.assign(new Error('your fault'), {
        code: 'VP_KERNEL_BROKEN',
        class: 'internal',
        plugin: '@vp/postgres',
      }),
      Symbol.for('vp.error'),
      { value: true },
    );
  },
};

const plugin: PluginDefinition = {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    registrar.contribute<Source, unknown, Refs>(point('source'), 'sample', { create: () => source });
    registrar.contribute<Command, unknown, Refs>(point('command'), 'sample', {
      create: (): Command => ({
        run: async ({ args }, context) => (await deeds[String(args.deed)]?.(context)) as Json,
      }),
    });
  },
};
export default plugin;
