import {
  type AssetSpec,
  type Engine,
  type Json,
  type JsonObject,
  points,
  type SnapshotRead,
  type Source,
  type StageInput,
} from '@vp/contracts';
import { partitionBounds } from '../assets/partition-spec.ts';
import { fillPartition } from '../assets/source-partition.ts';
import { readsPartitions } from '../contribution-facts.ts';
import { describePath, negotiate } from '../plan/negotiate.ts';
import { errors } from './errors.ts';
import { producedBy } from './producer.ts';
import type { StepScope } from './scope.ts';
import { runTransform } from './transform.ts';

/** Data that is ready to be staged, and what follows its commit. */
export interface Production {
  readonly input: StageInput;
  readonly path: string;
  readonly metadata?: JsonObject;
  /** Cursor of the source, known when the data is drained. */
  state?(): Promise<Json | undefined>;
  /** Tells the source that its data is safe. */
  acknowledge?(state: Json): Promise<void>;
}

/** Opens the data of an asset: what is opened here is closed with the scope. */
export async function produce(request: {
  readonly scope: StepScope;
  readonly spec: AssetSpec;
  readonly engine: Engine;
  readonly engineId: string;
  readonly reads: Readonly<Record<string, SnapshotRead>>;
}): Promise<Production> {
  const { scope, spec, engine, engineId, reads } = request;
  const { compute } = spec;
  if (compute.kind === 'source') return readSource(request);
  if (compute.kind === 'sql') {
    const set = scope.model.partitions(spec.name);
    const { partition: key } = scope.step;
    const partition = set === undefined || key === undefined ? undefined : partitionBounds(set, key);
    const query = { sql: compute.sql, inputs: reads, ...(partition === undefined ? {} : { partition }) };
    return { input: { kind: 'query', query }, path: `${engineId} sql (native)` };
  }
  const { result, path } = await runTransform({ scope, spec, reads });
  const { output, metadata } = result;
  if (output === undefined) {
    throw errors.VP_TRANSFORM_OUTPUT_MISSING({ asset: spec.name, transform: compute.use });
  }
  const { accepts } = engine.formats;
  if (!accepts.includes(output.format)) {
    const facts = { transform: compute.use, format: output.format, engine: engineId, accepts };
    throw errors.VP_TRANSFORM_FORMAT_REFUSED(facts);
  }
  return {
    input: {
      kind: 'payload',
      parts: [producedBy(output, scope.host.contribution('transform', compute.use), scope)],
    },
    path: `${path} -> ${output.format} -> ${engineId}`,
    ...(metadata === undefined ? {} : { metadata }),
  };
}

async function readSource(request: {
  readonly scope: StepScope;
  readonly spec: AssetSpec;
  readonly engine: Engine;
  readonly engineId: string;
}): Promise<Production> {
  const { scope, spec, engine, engineId } = request;
  const { compute, name: asset } = spec;
  if (compute.kind !== 'source') throw errors.VP_STEP_UNKNOWN({ step: scope.step.id });
  const { use, connection } = compute;
  const { partition } = scope.step;
  const options = fillPartition(compute.options, partition);
  const info = scope.host.contribution('source', use);
  const source: Source = await scope.call(info, () => scope.host.instance(points.source, use, connection));
  const [stream] = await scope.call(info, () => source.discover({ options }, scope.context));
  if (stream === undefined) {
    throw errors.VP_SOURCE_STREAM_MISSING(
      { asset, source: use, options: JSON.stringify(options) },
      { at: spec.origin },
    );
  }
  if (!stream.bounded) {
    throw errors.VP_SOURCE_UNBOUNDED({ asset, stream: stream.name }, { at: spec.origin });
  }
  const { accepts } = engine.formats;
  const format = negotiate({ from: use, offers: stream.formats, to: engineId, accepts, force: scope.format });
  scope.context.progress({ activity: 'reading' });
  const wanted = {
    options,
    format,
    ...(spec.schema === undefined ? {} : { schema: spec.schema }),
    ...(partition !== undefined && readsPartitions(info) ? { partition } : {}),
  };
  const read = await scope.call(info, () => source.read(wanted, scope.context));
  scope.defer(`the read of ${use}`, () => read.close());
  return {
    input: { kind: 'payload', parts: read.parts.map((part) => producedBy(part, info, scope)) },
    path: describePath(use, format, engineId),
    state: () => scope.call(info, () => read.state()),
    async acknowledge(state) {
      await source.acknowledge?.({ options, state }, scope.context);
    },
  };
}
