import type { CallContext, JsonObject, RowsPayload } from '@vp/plugin-sdk';
import { openInputs } from './batch-inputs.ts';
import type { TaskCode, TransformContext } from './code.ts';
import { errors } from './errors.ts';
import { describeValue } from './explain-value.ts';
import { toUserError } from './user-error.ts';

/** What {@link runTask} works with. */
export interface TaskModeInit {
  readonly asset: string;
  readonly project: string;
  readonly code: TaskCode;
  readonly inputs: Readonly<Record<string, RowsPayload>>;
  readonly user: TransformContext;
  readonly context: CallContext;
}

/** Runs the user's function for what it does; gives the facts that it returned. */
export async function runTask(init: TaskModeInit): Promise<JsonObject | undefined> {
  const { asset, project, code, user, context } = init;
  const { inputs, failure } = openInputs(init.inputs, context);
  let result: unknown;
  try {
    result = await untilAborted(async () => await code.fn(inputs, user), context.signal);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const inputFailure = failure();
    if (inputFailure !== undefined && inputFailure.error === thrown) throw thrown;
    throw toUserError(thrown, { asset, project });
  }
  return result === undefined ? undefined : checkMetadata(result, asset);
}

/** The result, or the signal's reason as soon as it aborts, even when the function does not care. */
async function untilAborted<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([run(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function checkMetadata(value: unknown, asset: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.VP_TS_METADATA({ asset, reason: `${describeValue(value)} instead of an object` });
  }
  const problem = notJson(value, '');
  if (problem !== undefined) throw errors.VP_TS_METADATA({ asset, reason: problem });
  return value as JsonObject;
}

/** The first part that does not survive JSON, with its path. */
function notJson(value: unknown, path: string): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  const isPlain = typeof value === 'object' && (Array.isArray(value) || isPlainObject(value));
  if (!isPlain) return `${describeValue(value)} at ${path === '' ? 'the top' : path}`;
  for (const [key, part] of Object.entries(value)) {
    const problem = notJson(part, path === '' ? key : `${path}.${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
