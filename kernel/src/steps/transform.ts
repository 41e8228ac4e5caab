import {
  type AssetSpec,
  type Engine,
  type Payload,
  points,
  type SnapshotRead,
  type Transform,
  type TransformResult,
} from '@vp/contracts';
import { describePath, negotiate } from '../plan/negotiate.ts';
import { errors } from './errors.ts';
import type { StepScope } from './scope.ts';
import { scratchFolder } from './scratch.ts';

/** Runs the transform of an asset over its inputs. Inputs and result are closed with the scope. */
export async function runTransform(request: {
  readonly scope: StepScope;
  readonly spec: AssetSpec;
  readonly reads: Readonly<Record<string, SnapshotRead>>;
}): Promise<{ readonly result: TransformResult; readonly path: string }> {
  const { scope, spec, reads } = request;
  const { compute } = spec;
  if (compute.kind !== 'transform') throw errors.VP_STEP_UNKNOWN({ step: scope.step.id });
  const { use, options, code } = compute;
  const info = scope.host.contribution('transform', use);
  const transform: Transform = await scope.call(info, () => scope.host.instance(points.transform, use));
  const accepts = await scope.call(info, () => transform.formats({ options, code }));
  const inputs: Record<string, Payload> = {};
  let path = use;
  for (const [as, read] of Object.entries(reads)) {
    const opened = await openInput({ scope, read, to: use, accepts });
    inputs[as] = opened.payload;
    path = opened.path;
  }
  const { partition } = scope.step;
  const result = await scope.call(info, () =>
    transform.run(
      {
        asset: spec.name,
        options,
        ...(code === undefined ? {} : { code }),
        inputs,
        ...(spec.schema === undefined ? {} : { schema: spec.schema }),
        ...(partition === undefined ? {} : { partition }),
      },
      scope.context,
    ),
  );
  scope.defer(`the transform ${use}`, () => result.close?.());
  return { result, path };
}

/** Opens an asset's data in the cheapest format that its reader takes. */
export async function openInput(request: {
  readonly scope: StepScope;
  readonly read: SnapshotRead;
  readonly to: string;
  readonly accepts: readonly string[];
}): Promise<{ readonly payload: Payload; readonly path: string; readonly format: string }> {
  const { scope, read, to, accepts } = request;
  const engineId = scope.model.engine(read.asset) ?? '';
  const info = scope.host.contribution('engine', engineId);
  const engine: Engine = await scope.call(info, () => scope.host.instance(points.engine, engineId));
  const format = negotiate({
    from: engineId,
    offers: engine.formats.offers,
    to,
    accepts,
    force: scope.format,
  });
  const isInMemory = format === 'rows' || format === 'relation';
  const directory = isInMemory ? undefined : await scratchFolder(scope);
  const opened = await scope.call(info, () =>
    engine.read({ ...read, format, ...(directory === undefined ? {} : { directory }) }, scope.context),
  );
  scope.defer(`the read of ${read.asset}`, () => opened.close());
  return { payload: opened.payload, path: describePath(engineId, format, to), format };
}
