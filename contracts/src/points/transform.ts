import type { PartitionKey } from '../assets/partition.ts';
import type { JsonObject } from '../core/json.ts';
import type { Format, Payload } from '../data/payload.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { TableSchema } from '../types/logical-type.ts';
import type { CallContext } from './call.ts';

/** What a transform computes from. */
export interface TransformRequest {
  readonly asset: string;
  readonly options: JsonObject;
  /** `Compute.code`: in-process code of the user's. */
  readonly code?: unknown;
  /** By the input's `as` name, in the formats that `formats()` asks for. */
  readonly inputs: Readonly<Record<string, Payload>>;
  /** The asset's declared columns, when it has any. */
  readonly schema?: TableSchema;
  readonly partition?: PartitionKey;
}

/** What a transform gave. `output` is undefined for assets that are only side effects. */
export interface TransformResult {
  readonly output?: Payload;
  /** Facts to keep with the run, e.g. the metrics of a trained model. */
  readonly metadata?: JsonObject;
  /** Called when the output is drained or given up. */
  close?(): Promise<void>;
}

/** Computes data from data, outside the engine's SQL: user functions, models, external programs. */
export interface Transform {
  /** Formats in which it takes inputs, cheapest first. */
  formats(request: { readonly options: JsonObject; readonly code?: unknown }): readonly Format[];
  run(request: TransformRequest, context: CallContext): Promise<TransformResult>;
}

/** Extension point `transform@1`. */
export const transformPoint = createExtensionPoint<Transform>({ id: 'transform', major: 1 });
