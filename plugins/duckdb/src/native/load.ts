import { describeThrown } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';

/** The driver. Loading it maps some 70 MB of native code, so it happens at the first query. */
export type Driver = typeof import('@duckdb/node-api');
/** The driver's bindings: vectors as bytes. */
export type Bindings = typeof import('@duckdb/node-bindings');

export interface Native {
  readonly driver: Driver;
  readonly bindings: Bindings;
}

let native: Promise<Native> | undefined;

export function loadNative(): Promise<Native> {
  native ??= load();
  return native;
}

async function load(): Promise<Native> {
  try {
    const [driver, bindings] = await Promise.all([
      import('@duckdb/node-api'),
      import('@duckdb/node-bindings'),
    ]);
    return {
      driver,
      bindings: 'default' in bindings ? (toBindings(bindings.default) ?? bindings) : bindings,
    };
  } catch (error) {
    throw errors.VP_DUCKDB_NATIVE_MISSING({ reason: describeThrown(error) }, { cause: error });
  }
}

// A CommonJS module whose names Node cannot see statically has them only below `default`.
function toBindings(value: unknown): Bindings | undefined {
  return isBindings(value) ? value : undefined;
}

function isBindings(value: unknown): value is Bindings {
  return typeof value === 'object' && value !== null && 'vector_get_data' in value;
}
