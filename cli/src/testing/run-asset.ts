import {
  type AssetSpec,
  didYouMean,
  type Engine,
  points,
  type QueryResult,
  type Value,
  type VpErrorJson,
} from '@vp/contracts';
import type { Kernel } from '@vp/kernel';
import type { HasRow } from '../authoring/asset-type.ts';
import { upstreamOf } from '../authoring/upstream.ts';
import { errors } from './errors.ts';
import { type GivenRows, inputAsset } from './input-asset.ts';
import { openTestKernel } from './test-project.ts';

export interface RunAssetOptions {
  /** Rows of each input, by the input's name: that of the asset, or the one given in `inputs`. */
  readonly inputs?: Readonly<Record<string, GivenRows>>;
  /** The partition to compute, for partitioned assets: `2001-03-05`. */
  readonly partition?: string;
  /** Folder of the project whose plugins are used; the current one when left out. */
  readonly project?: string;
}

/**
 * Runs one asset on made-up rows and gives its rows: in a project of its own, with the real engine and
 * transforms of this one. Its checks are not run.
 *
 * @example
 * ```ts
 * import { asset, source, t } from 'vibepiper';
 * import { runAsset } from 'vibepiper/testing';
 * const flights = asset('flights', {
 *   source: source('files', { path: 'flights.csv' }),
 *   schema: { id: t.int64(), delay: t.int32() },
 * });
 * const late = asset('late', {
 *   from: flights,
 *   schema: { id: t.int64(), late: t.bool() },
 *   rows: (row) => ({ id: row.id, late: row.delay > 15 }),
 * });
 * const rows = await runAsset(late, { inputs: { flights: [{ id: 1n, delay: 20 }] } });
 * // [{ id: 1n, late: true }]
 * ```
 */
export async function runAsset<Row>(
  asset: AssetSpec & HasRow<Row>,
  options?: RunAssetOptions,
): Promise<readonly Row[]>;
export async function runAsset(
  asset: AssetSpec,
  options: RunAssetOptions = {},
): Promise<readonly Readonly<Record<string, Value>>[]> {
  const given = givenAssets(asset, options.inputs ?? {});
  const inputs = asset.inputs.map(({ asset: name, as }) => ({ asset: name, as }));
  const pipeline = {
    $$type: '@vp/pipeline',
    version: 'v1',
    assets: [...given, { ...asset, inputs, checks: [] }],
    publish: [],
  } as const;
  await using project = await openTestKernel(options.project ?? process.cwd());
  const { kernel } = project;
  const failure = await runPlan(kernel, pipeline, options.partition);
  if (failure !== undefined) {
    const { message, hint } = failure.error;
    const reason = hint === undefined ? message : `${message} ${hint}`;
    throw errors.VP_TESTING_STEP_FAILED(
      { asset: failure.asset, reason },
      failure.error.at === undefined ? {} : { at: failure.error.at },
    );
  }
  const { host } = kernel;
  const engine = await host.instance<Engine>(points.engine, asset.engine ?? host.bound('engine'));
  const sql = { strings: ['select * from ', ''], parts: [{ kind: 'input', as: 'it' } as const] };
  return rowsOf(await engine.query({ sql, inputs: { it: { asset: asset.name } } }, kernel.callContext()));
}

function givenAssets(asset: AssetSpec, rows: Readonly<Record<string, GivenRows>>): readonly AssetSpec[] {
  if (asset.compute.kind === 'source') {
    throw errors.VP_TESTING_NOT_RUNNABLE({ asset: asset.name, why: 'it reads from a source' });
  }
  if (asset.materialize === 'none') {
    throw errors.VP_TESTING_NOT_RUNNABLE({ asset: asset.name, why: 'it is a task and has no rows' });
  }
  const names = asset.inputs.flatMap((input) => [input.as, input.asset]);
  for (const input of Object.keys(rows)) {
    if (names.includes(input)) continue;
    throw errors.VP_TESTING_INPUT_UNKNOWN({ asset: asset.name, input, suggestion: didYouMean(input, names) });
  }
  const upstream = new Map(upstreamOf(asset).map((each) => [each.name, each]));
  const byAsset = new Map<string, AssetSpec>();
  for (const input of asset.inputs) {
    const given = rows[input.as] ?? rows[input.asset];
    if (byAsset.has(input.asset)) continue;
    if (given === undefined) throw errors.VP_TESTING_INPUT_MISSING({ asset: asset.name, input: input.as });
    byAsset.set(input.asset, inputAsset(input.asset, upstream.get(input.asset), given));
  }
  return [...byAsset.values()];
}

interface Failure {
  readonly asset: string;
  readonly error: VpErrorJson;
}

async function runPlan(
  kernel: Kernel,
  pipeline: Parameters<Kernel['run']>[0]['pipeline'],
  partition: string | undefined,
): Promise<Failure | undefined> {
  const partitions = partition === undefined ? undefined : [partition];
  const plan = await kernel.plan({ pipeline, partitions, paths: false });
  const { results } = await kernel.run({ plan, pipeline });
  const failed = results.find((step) => step.error !== undefined);
  if (failed?.error === undefined) return undefined;
  const asset = plan.steps.find((step) => step.id === failed.stepId)?.asset ?? failed.stepId;
  return { asset, error: failed.error };
}

async function rowsOf(result: QueryResult): Promise<readonly Readonly<Record<string, Value>>[]> {
  const names = result.schema.fields.map((field) => field.name);
  const rows: Record<string, Value>[] = [];
  for await (const { length, columns } of result.batches) {
    for (let row = 0; row < length; row++) {
      rows.push(Object.fromEntries(names.map((name, column) => [name, columns[column]?.[row] ?? null])));
    }
  }
  await result.close();
  return rows;
}
