import type {
  Alert,
  Alerter,
  Auth,
  Payload,
  PluginDefinition,
  PluginState,
  RowBatch,
  Secrets,
  Sink,
  Source,
  TableSchema,
  Transform,
  Validator,
} from '@vp/contracts';

type Refs = NonNullable<PluginDefinition['deps']>;
const point = (id: string) => ({ id, contract: `${id}@1` }) as never;
const ref = (key: string) => ({ key, isOptional: false });
const schema: TableSchema = { fields: [{ name: 'id', type: { kind: 'int64' }, nullable: false }] };
const ready = { ok: true, message: 'ready' } as const;

async function valuesOf(payload: Payload | undefined): Promise<readonly unknown[]> {
  if (payload?.carrier !== 'rows') throw new Error('no rows');
  const values: unknown[] = [];
  for await (const { columns } of payload.batches) values.push(...Array.from(columns[0] ?? []));
  return values;
}

const written: unknown[] = [];

const sink: Sink = {
  check: async () => ready,
  inspect: async () => ({ location: 'memory', exists: written.length > 0, formats: ['rows'] }),
  async open() {
    const staged: unknown[] = [];
    return {
      async write(payload, { progress }) {
        const values = await valuesOf(payload);
        staged.push(...values);
        progress({ rows: values.length });
        return { rows: values.length };
      },
      async commit(meta) {
        written.push(...staged);
        return { location: `memory by ${meta.token}`, stats: { rows: written.length } };
      },
      close: async () => undefined,
    };
  },
};

async function* doubled(payload: Payload | undefined): AsyncGenerator<RowBatch> {
  if (payload?.carrier !== 'rows') throw new Error('no rows');
  for await (const { length, columns } of payload.batches) {
    yield { length, columns: [Array.from(columns[0] ?? [], (value) => BigInt(Number(value)) * 2n)] };
  }
}

const transform: Transform = {
  formats: () => ['rows'],
  run: async ({ inputs, options }) => ({
    output: { carrier: 'rows', format: 'rows', schema, batches: doubled(inputs.numbers) },
    metadata: { options: options.factor ?? null },
  }),
};

const validator: Validator = {
  rules: () => [{ id: 'positive', description: 'Above zero', columns: 'one', options: {} }],
  async validate({ target, checks }) {
    const result = await target.query(`select id from ${target.relation} where id <= 0`);
    const failures = (await valuesOf({ carrier: 'rows', format: 'rows', ...result })).length;
    await result.close();
    return checks.map((check) => ({
      check: check.name,
      rule: check.rule,
      columns: check.columns,
      severity: check.severity,
      status: failures === 0 ? 'passed' : 'failed',
      rows: 3,
      failures,
      message: `${failures} failed`,
    }));
  },
};

/** Windows of an endless source. */
async function* windows() {
  for (let i = 0; ; i += 1) {
    const batches = (async function* (): AsyncGenerator<RowBatch> {
      yield { length: 1, columns: [[BigInt(i)]] };
    })();
    yield { parts: [{ carrier: 'rows', format: 'rows', schema, batches } as const], state: i };
  }
}

const source: Source = {
  check: async () => ready,
  discover: async () => [{ options: {}, name: 'endless', schema, formats: ['rows'], bounded: false }],
  read: async () => ({
    schema,
    bounded: false,
    parts: [],
    windows: windows(),
    state: async () => undefined,
    close: async () => undefined,
  }),
};

const plugin: PluginDefinition = {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    const deps = { secrets: ref('vp.secrets@1'), state: ref('vp.state@1') } as unknown as Refs;
    const plain = <T,>(id: string, instance: T) =>
      registrar.contribute<T, unknown, Refs>(point(id), 'all', { create: () => instance });
    plain('sink', sink);
    plain('transform', transform);
    plain('validator', validator);
    plain('source', source);
    registrar.contribute<Alerter, { readonly key: { reveal(): string } }, Refs>(point('alerter'), 'all', {
      deps,
      create: ({ config, deps: services }): Alerter => ({
        async send(alerts: readonly Alert[], { logger }) {
          const secrets = services.secrets as Secrets;
          const state = services.state as PluginState;
          const other = await secrets.get('secret://env/OTHER');
          await state.set('sent', alerts.length);
          // A plugin that tells its secrets: they are taken out of what it prints.
          console.log(`sent with ${config.key.reveal()}`);
          logger.info(`sent with ${other.reveal()}`, { known: (await state.get('sent')) ?? null });
        },
      }),
    });
    plain<Auth>('auth', {
      identify: async ({ token }) =>
        token === 'right' ? { id: 'all:ana', name: 'Ana', groups: [], provider: 'all' } : undefined,
      // Something that is true enough for a careless host.
      authorize: async () => ({ allowed: 'yes' as unknown as boolean, reason: 'because' }),
    });
  },
};
export default plugin;
