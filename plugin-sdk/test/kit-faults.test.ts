import { expect, test } from 'vitest';
import {
  alerterKit,
  authKit,
  type Kit,
  type SinkSubject,
  type SourceSubject,
  sinkKit,
  sourceKit,
  transformKit,
  validatorKit,
} from '../src/conformance/index.ts';
import type { Disposable } from '../src/conformance/law.ts';
import { runLaw } from '../src/conformance/run.ts';
import { type Sink, type Source, VpError } from '../src/index.ts';
import { testContext } from '../src/testing/index.ts';
import { memoryAlerterSubject } from './fixtures/memory-alerter.ts';
import { memoryAuthSubject } from './fixtures/memory-auth.ts';
import { memoryTransformSubject } from './fixtures/memory-transform.ts';
import { memoryValidatorSubject } from './fixtures/memory-validator.ts';
import {
  resulting,
  healthy as sinkParts,
  warehouseSubject,
} from './fixtures/seeded-bugs/sinks/warehouse-sink.ts';
import { shopSubject } from './fixtures/seeded-bugs/sources/shop-source.ts';

/** Faults around a right connector, for laws that none of the seeded bugs is about. */
const faults: readonly (readonly [law: string, fault: string, outcome: () => Promise<string>])[] = [
  [
    'S36',
    'asks without a signal',
    run(sourceKit, 'S36', () => shopSubject(() => ({ tables: (c) => c.tables() }))),
  ],
  [
    'S40',
    'takes a schema for a wish to begin later',
    source('S40', (s) => ({
      ...s,
      read: ({ schema, ...request }, context) =>
        s.read(schema ? { ...request, state: { updated: '2024-02', id: '0' } } : request, context),
    })),
  ],
  [
    'S41',
    'forgets the state when it reads in parallel',
    source('S41', (s) => ({
      ...s,
      read: ({ state, ...request }, context) =>
        s.read(
          request.parallelism === undefined ? { ...request, ...(state !== undefined && { state }) } : request,
          context,
        ),
    })),
  ],
  [
    'K30',
    'checks nothing',
    sink('K30', 'openDenied', (s) => ({ ...s, check: async () => ({ ok: true, message: 'ok' }) })),
  ],
  [
    'K31',
    'counts its errors in their codes',
    run(sinkKit, 'K31', () => {
      let count = 0;
      const toError = () => new VpError({ code: `VP_W_${++count}`, class: 'transient', message: 'no' });
      return warehouseSubject(() => ({ toError }));
    }),
  ],
  [
    'K33',
    'commits in two acts',
    run(sinkKit, 'K33', () =>
      warehouseSubject(() => ({
        async publish({ connection, staging, target, request }, meta, _own, { signal }) {
          const rows = (await connection.table(staging, signal))?.rows ?? [];
          if ((await connection.table(target, signal))?.meta?.token === meta.token) return rows.length;
          await connection.transact(
            target,
            (table) => ({
              ...table,
              rows: resulting(request, table?.rows ?? [], rows, sinkParts.merge),
            }),
            signal,
          );
          await connection.transact(target, (table) => ({ rows: table?.rows ?? [], meta }), signal);
          return rows.length;
        },
      })),
    ),
  ],
  [
    'K38',
    'looks for ever',
    sink('K38', 'openSilent', (s) => ({ ...s, inspect: () => new Promise(() => {}) })),
  ],
  [
    'K39',
    'writes local time',
    run(sinkKit, 'K39', () =>
      warehouseSubject(() => ({
        toRow: (row) => ({
          ...row,
          at: typeof row.at === 'bigint' ? row.at + BigInt(new Date(0).getTimezoneOffset()) : null,
        }),
      })),
    ),
  ],
  [
    'K40',
    'looks although it was told not to',
    sink('K40', 'open', (s) => ({ ...s, inspect: (request) => s.inspect(request, testContext()) })),
  ],
  [
    'T17',
    'knows errors by their class',
    run(transformKit, 'T17', () => {
      const right = memoryTransformSubject();
      return {
        ...right,
        async open() {
          const transform = await right.open();
          return {
            ...transform,
            async run(request, context) {
              const result = await transform.run(request, context);
              if (result.output?.carrier !== 'rows') return result;
              const { batches } = result.output;
              async function* known() {
                try {
                  yield* batches;
                } catch (cause) {
                  if (cause instanceof VpError) throw cause;
                  throw new VpError({ code: 'VP_T', class: 'plugin', message: 'it failed', cause });
                }
              }
              return { ...result, output: { ...result.output, batches: known() } };
            },
          };
        },
      };
    }),
  ],
  [
    'V20',
    'never gets over a failure',
    run(validatorKit, 'V20', () => {
      const right = memoryValidatorSubject();
      let failed: unknown;
      return {
        ...right,
        async open() {
          const validator = await right.open();
          return {
            ...validator,
            async validate(request, context) {
              if (failed !== undefined) throw failed;
              try {
                return await validator.validate(request, context);
              } catch (error) {
                failed = error;
                throw error;
              }
            },
          };
        },
      };
    }),
  ],
  [
    'A18',
    'sleeps through the abort',
    run(alerterKit, 'A18', () => {
      const right = memoryAlerterSubject();
      return {
        ...right,
        async openDown() {
          const alerter = await right.openDown?.();
          return { send: async (alerts) => alerter?.send(alerts, testContext()) };
        },
      };
    }),
  ],
  [
    'A19',
    'makes up its codes',
    run(alerterKit, 'A19', () => {
      let count = 0;
      return {
        ...memoryAlerterSubject(),
        openDown: () => ({
          send: () =>
            Promise.reject(new VpError({ code: `VP_A_${++count}`, class: 'transient', message: 'no' })),
        }),
      };
    }),
  ],
  [
    'U16',
    'compares what comes first',
    run(authKit, 'U16', () => {
      const right = memoryAuthSubject();
      return {
        ...right,
        async open() {
          const auth = await right.open();
          return {
            ...auth,
            identify: async (credentials, context) =>
              auth.identify?.({ ...credentials, token: credentials.token?.slice(0, 9) ?? '' }, context),
          };
        },
      };
    }),
  ],
];

test.concurrent.for(faults)('%s finds: %s', async ([, , outcome]) => {
  expect(await outcome()).toBe('failed');
});

function run<Subject extends Disposable>(kit: Kit<Subject>, id: string, create: () => Subject) {
  return async () => {
    const law = kit.laws.find((each) => each.id === id);
    if (law === undefined) throw new Error(`there is no law ${id}`);
    return (await runLaw(law, { create, timeoutMs: 4_000 })).outcome;
  };
}

function source(id: string, spoil: (source: Source) => Source) {
  return run(sourceKit, id, (): SourceSubject => {
    const right = shopSubject();
    return { ...right, open: async () => spoil(await right.open()) };
  });
}

function sink(id: string, which: 'open' | 'openDenied' | 'openSilent', spoil: (sink: Sink) => Sink) {
  return run(sinkKit, id, (): SinkSubject => {
    const right = warehouseSubject();
    const open = right[which] ?? right.open;
    return { ...right, [which]: async () => spoil(await open()) };
  });
}
