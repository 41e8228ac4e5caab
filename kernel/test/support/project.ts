import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AssetInput,
  AssetSpec,
  CheckSpec,
  Clock,
  EventInput,
  Logger,
  Paths,
  PipelineSpec,
  Plan,
  PublishSpec,
  RunSummary,
  SqlPart,
  VpEvent,
} from '@vp/contracts';
import { createPlanner, type PlannerDeps, type PlanRequest } from '../../src/plan/planner.ts';
import { createRunner, type RunnerDeps, type RunRequest } from '../../src/runs/runner.ts';
import { createRedactor } from '../../src/secrets/index.ts';
import { createMemoryHost, type TestContribution } from './memory-host.ts';
import {
  createMemorySink,
  createMemorySource,
  functionTransform,
  rowRules,
  rowValidator,
} from './memory-movers.ts';
import { createMemoryStore } from './memory-store.ts';
import { simpleExecutor } from './simple-executor.ts';
import { createSqliteEngine } from './sqlite-engine.ts';

type Extras = Partial<Omit<AssetSpec, 'name' | 'compute' | 'inputs'>>;

const base = (name: string, extras: Extras) => ({
  $$type: '@vp/asset' as const,
  version: 'v1' as const,
  name,
  origin: { file: 'pipeline.ts', line: 1 },
  materialize: 'table' as const,
  checks: [],
  codeVersion: '1',
  ...extras,
});

const inputsOf = (names: readonly (string | AssetInput)[]): readonly AssetInput[] =>
  names.map((input) => (typeof input === 'string' ? { asset: input, as: input } : input));

export const sourceAsset = (name: string, table = name, extras: Extras = {}): AssetSpec => ({
  ...base(name, extras),
  inputs: [],
  compute: { kind: 'source', use: 'memory', options: { table } },
});

/** `sqlAsset('b', ['a'], 'select * from {a} where at >= {start}')` */
export function sqlAsset(
  name: string,
  inputs: readonly (string | AssetInput)[],
  text: string,
  extras: Extras = {},
): AssetSpec {
  const pieces = text.split(/\{([^}]+)\}/);
  const strings = pieces.filter((_, index) => index % 2 === 0);
  const parts = pieces
    .filter((_, index) => index % 2 === 1)
    .map(
      (hole): SqlPart =>
        hole === 'start' || hole === 'end' || hole === 'key'
          ? { kind: 'partition', bound: hole }
          : { kind: 'input', as: hole },
    );
  return {
    ...base(name, { codeVersion: text, ...extras }),
    inputs: inputsOf(inputs),
    compute: { kind: 'sql', sql: { strings, parts } },
  };
}

export const functionAsset = (
  name: string,
  inputs: readonly (string | AssetInput)[],
  code: unknown,
  extras: Extras = {},
): AssetSpec => ({
  ...base(name, extras),
  inputs: inputsOf(inputs),
  compute: { kind: 'transform', use: 'fn', options: {}, code },
});

export const task = (
  name: string,
  inputs: readonly (string | AssetInput)[] = [],
  code: unknown = () => undefined,
  extras: Extras = {},
): AssetSpec => functionAsset(name, inputs, code, { materialize: 'none', ...extras });

export const positive = (column: string, extras: Partial<CheckSpec> = {}): CheckSpec => ({
  name: `positive(${column})`,
  rule: 'positive',
  columns: [column],
  options: {},
  severity: 'error',
  ...extras,
});

export const publishTo = (asset: string, path: string, extras: Partial<PublishSpec> = {}): PublishSpec => ({
  $$type: '@vp/publish',
  version: 'v1',
  name: `${asset}->${path}`,
  asset,
  use: 'out',
  options: { path },
  mode: 'replace',
  ...extras,
});

export const pipelineOf = (
  assets: readonly AssetSpec[],
  publish: readonly PublishSpec[] = [],
): PipelineSpec => ({
  $$type: '@vp/pipeline',
  version: 'v1',
  assets,
  publish,
});

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A whole deployment in memory: planner and runner over small real plugins. */
export function createTestProject(
  init: {
    readonly tables?: Record<string, readonly Record<string, bigint | number | string | null>[]>;
    readonly contributions?: readonly TestContribution[];
    readonly taps?: Readonly<Record<string, (arg: never) => unknown>>;
    readonly runner?: Partial<RunnerDeps>;
    readonly planner?: Partial<PlannerDeps>;
  } = {},
) {
  const source = createMemorySource({ ...init.tables });
  const sink = createMemorySink();
  const engine = createSqliteEngine();
  const store = createMemoryStore();
  const ours: TestContribution[] = [
    {
      point: 'source',
      id: 'memory',
      instance: source,
      manifest: {
        formats: ['rows'],
        options: { type: 'object', properties: { table: { type: 'string' } }, required: ['table'] },
      },
    },
    {
      point: 'sink',
      id: 'out',
      instance: sink,
      manifest: { formats: ['rows'], options: { type: 'object', properties: { path: { type: 'string' } } } },
    },
    { point: 'engine', id: 'sqlite', instance: engine, manifest: { accepts: ['rows'], offers: ['rows'] } },
    { point: 'store', id: 'memory', instance: store },
    { point: 'transform', id: 'fn', instance: functionTransform, manifest: { formats: ['rows'] } },
    { point: 'validator', id: 'rows', instance: rowValidator, manifest: { rules: rowRules } },
    { point: 'executor', id: 'simple', instance: simpleExecutor },
  ];
  const given = init.contributions ?? [];
  const contributions = [
    ...given,
    ...ours.filter((c) => !given.some((g) => g.point === c.point && g.id === c.id)),
  ];
  const host = createMemoryHost(contributions, init.taps);
  const published: VpEvent[] = [];
  const logs: string[] = [];
  const listeners = new Set<(event: VpEvent) => void>();
  const events = {
    publish(event: EventInput) {
      const dated = { ...event, seq: published.length + 1, at: Date.now() } as VpEvent;
      published.push(dated);
      for (const listener of listeners) listener(dated);
    },
    subscribe(listener: (event: VpEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const log = (message: string): void => void logs.push(message);
  const logger: Logger = { debug: log, info: log, warn: log, error: log, with: () => logger };
  const state = join(tmpdir(), `vp-kernel-test-${process.pid}`);
  const paths: Paths = { project: state, state, resolve: (path) => join(state, path) };
  const planner = createPlanner({ host, clock: systemClock, logger, project: 'test', ...init.planner });
  const redactor = createRedactor();
  const runner = createRunner({ host, clock: systemClock, events, logger, paths, redactor, ...init.runner });
  const plan = (pipeline: PipelineSpec, request: Omit<PlanRequest, 'pipeline'> = {}): Promise<Plan> =>
    planner.plan({ pipeline, ...request });
  return {
    source,
    sink,
    engine,
    store,
    host,
    contributions,
    published,
    logs,
    plan,
    async run(
      pipeline: PipelineSpec,
      request: Omit<PlanRequest, 'pipeline'> & Pick<RunRequest, 'signal' | 'waitMs'> = {},
    ): Promise<RunSummary> {
      const { signal, waitMs, ...rest } = request;
      return runner.run({ plan: await plan(pipeline, rest), pipeline, signal, waitMs });
    },
    runner,
    events,
    logger,
    clock: systemClock,
  };
}

/** `{ orders: 'run new', … }` */
export const reasonsOf = (plan: Plan): Readonly<Record<string, string>> =>
  Object.fromEntries(plan.steps.map((step) => [step.id, step.reason.code]));

export const statusesOf = (summary: RunSummary): Readonly<Record<string, string>> =>
  Object.fromEntries(summary.results.map((result) => [result.stepId, result.status]));
