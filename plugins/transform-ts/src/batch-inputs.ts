import { abortable, type CallContext, type RowsPayload } from '@vp/plugin-sdk';
import type { BatchInputs, TransformRow } from './code.ts';
import { compileRowMaker } from './row-maker.ts';

/** Inputs as user code sees them: arrays of row objects, read as they are asked for. */
export interface OpenInputs {
  readonly inputs: BatchInputs;
  /** The error with which an input failed, to tell it from one of the user's code. */
  failure(): { readonly error: unknown } | undefined;
}

export function openInputs(
  payloads: Readonly<Record<string, RowsPayload>>,
  context: CallContext,
): OpenInputs {
  let failure: { readonly error: unknown } | undefined;
  async function* arrays(payload: RowsPayload): AsyncGenerator<readonly TransformRow[], void, undefined> {
    const makeRow = compileRowMaker(payload.schema);
    try {
      for await (const { columns, length } of abortable(payload.batches, context.signal)) {
        yield Array.from({ length }, (_, r) => makeRow(columns, r));
      }
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  }
  const inputs = Object.fromEntries(Object.entries(payloads).map(([as, payload]) => [as, arrays(payload)]));
  return { inputs, failure: () => failure };
}
