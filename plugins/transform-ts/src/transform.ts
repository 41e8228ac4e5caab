import {
  abortable,
  type CallContext,
  type Payload,
  type RowsPayload,
  rowsPayload,
  type Transform,
  type TransformRequest,
  type TransformResult,
} from '@vp/plugin-sdk';
import { runBatches } from './batches-mode.ts';
import { checkCode, type TransformContext } from './code.ts';
import { errors } from './errors.ts';
import { runRows } from './rows-mode.ts';
import { runTask } from './task-mode.ts';

/** The transform `ts`: functions of the pipeline's own code. `project` is the project's folder. */
export function tsTransform({ project }: { readonly project: string }): Transform {
  return {
    formats: () => ['rows'],
    run: async (request, context) => await run(request, { project, context }),
  };
}

async function run(
  request: TransformRequest,
  { project, context }: { readonly project: string; readonly context: CallContext },
): Promise<TransformResult> {
  context.signal.throwIfAborted();
  const { asset } = request;
  const code = checkCode(request.code, asset);
  const inputs = rowsInputs(request);
  const user: TransformContext = Object.freeze({
    signal: context.signal,
    logger: context.logger,
    ...(request.partition === undefined ? {} : { partition: request.partition }),
  });

  if (code.mode === 'task') {
    const metadata = await runTask({ asset, project, code, inputs, user, context });
    return metadata === undefined ? {} : { metadata };
  }

  const { schema } = request;
  if (schema === undefined) throw errors.VP_TS_SCHEMA_REQUIRED({ asset });
  if (code.mode === 'batches') {
    const batches = runBatches({ asset, project, code, inputs, schema, user, context });
    return { output: rowsPayload(schema, abortable(batches, context.signal)) };
  }
  const [input, ...others] = Object.values(inputs);
  if (input === undefined || others.length > 0)
    throw errors.VP_TS_INPUTS({ asset, inputs: Object.keys(inputs) });
  const batches = runRows({ asset, project, code, input, schema, user, context });
  return { output: rowsPayload(schema, abortable(batches, context.signal)) };
}

function rowsInputs({ asset, inputs }: TransformRequest): Readonly<Record<string, RowsPayload>> {
  return Object.fromEntries(Object.entries(inputs).map(([as, payload]) => [as, asRows(payload, as, asset)]));
}

function asRows(payload: Payload, input: string, asset: string): RowsPayload {
  if (payload.carrier === 'rows') return payload;
  throw errors.VP_TS_INPUT_FORMAT({ asset, input, format: payload.format });
}
