import {
  type AssetSpec,
  type CheckSpec,
  type Column,
  type Columns,
  type Compute,
  didYouMean,
  hasBrand,
  type SourceLocation,
  toTableSchema,
  type Value,
  type ValueOf,
} from '@vp/contracts';
import { checkSpecs } from './asset-checks.ts';
import type {
  BatchesAssetOptions,
  RowsAssetOptions,
  RowsResult,
  SourceAssetOptions,
  SqlAssetOptions,
  TaskAssetOptions,
} from './asset-options.ts';
import type { Asset, Inputs, RowOfColumns, UndeclaredAsset } from './asset-type.ts';
import { rememberCode } from './code-origin.ts';
import { columnRefs } from './column-refs.ts';
import { type Computed, compute } from './compute.ts';
import { errors } from './errors.ts';
import { callerLocation, callingFiles, locate } from './origin.ts';
import { parseDuration } from './time.ts';
import { rememberUpstream } from './upstream.ts';
import {
  checkKeys,
  checkName,
  checkValue,
  describeValue,
  isBranded,
  isRecord,
  isText,
  isTexts,
  toJsonObject,
} from './validate.ts';

type UndeclaredColumns = { readonly [column: string]: Column<Value> };

/** Every option of `asset()`. */
export const assetOptionKeys = [
  'source',
  'sql',
  'from',
  'rows',
  'inputs',
  'batches',
  'task',
  'schema',
  'key',
  'checks',
  'partitions',
  'description',
  'owner',
  'tags',
  'metadata',
  'engine',
  'retries',
  'timeout',
  'resource',
  'version',
] as const;

/** All options at once, as they look before they are known to fit together. */
export type LooseOptions = { readonly [K in (typeof assetOptionKeys)[number]]?: unknown };

/**
 * An asset: a table that the platform keeps up to date, and how its data comes to be. Exactly one of
 * `source`, `sql`, `rows` (with `from`), `batches` (with `inputs`), `task`.
 *
 * @example
 * ```ts
 * import { asset, check, source, sql, t } from 'vibepiper';
 * const flights = asset('flights', {
 *   source: source('files', { path: 'data/flights.parquet' }),
 *   schema: { id: t.int64(), delay: t.int32().nullable() },
 *   checks: [check.unique('id')],
 * });
 * const late = asset('late', { sql: sql`select * from ${flights} where ${flights.columns.delay} > 15` });
 * ```
 */
export function asset<
  C extends Columns = UndeclaredColumns,
  From = never,
  I extends Inputs = Record<never, never>,
  const R extends RowsResult<C> = RowsResult<C>,
  const B extends RowOfColumns<C> = RowOfColumns<C>,
>(
  name: string,
  options:
    | SourceAssetOptions<C>
    | SqlAssetOptions<C>
    | RowsAssetOptions<C, From, R>
    | BatchesAssetOptions<C, I, B>
    | TaskAssetOptions<I>,
): [UndeclaredColumns] extends [C]
  ? UndeclaredAsset
  : Asset<{ readonly [Name in keyof C]: ValueOf<C[Name]> }>;
export function asset(name: string, options: LooseOptions): AssetSpec {
  const origin = callerLocation();
  return locate(origin, () => buildAsset(name, options, origin));
}

/** `asset()` for callers that know the origin better: SQL files. */
export function buildAsset(
  name: string,
  options: LooseOptions,
  origin: SourceLocation | undefined,
): AssetSpec {
  checkName('asset()', name);
  const call = `asset("${name}")`;
  checkKeys(call, options, assetOptionKeys);
  checkCommon(call, options);
  const columns = columnsOf(call, options.schema);
  const key = keyOf(call, options.key, columns);
  const computed = compute({ call, options, hasSchema: columns !== undefined });
  const spec: AssetSpec = {
    $$type: '@vp/asset',
    version: 'v1',
    name,
    ...(origin === undefined ? {} : { origin }),
    ...common(call, options),
    inputs: computed.inputs,
    compute: computed.compute satisfies Compute,
    materialize: computed.materialize,
    ...(columns === undefined ? {} : { schema: toTableSchema(columns, key) }),
    checks: checkSpecs({ call, checks: options.checks, columns }) satisfies readonly CheckSpec[],
    codeVersion: typeof options.version === 'string' ? `version ${options.version}` : computed.codeVersion,
  };
  const code = computed.fn;
  if (code !== undefined && options.version === undefined) {
    rememberCode(spec, { fn: code, files: callingFiles(origin?.file) });
  }
  return finish(spec, computed, columns);
}

function finish(spec: AssetSpec, computed: Computed, columns: Columns | undefined): AssetSpec {
  rememberUpstream(spec, computed.upstream);
  // Hidden, so that the asset stays plain JSON.
  return Object.defineProperty(spec, 'columns', { value: columnRefs(spec.name, columns) });
}

function checkCommon(call: string, options: LooseOptions): void {
  for (const option of ['description', 'owner', 'engine', 'resource', 'version'] as const) {
    checkValue({ call, option, value: options[option], expected: 'a text', fits: isText });
  }
  checkValue({ call, option: 'tags', value: options.tags, expected: 'an array of texts', fits: isTexts });
  checkValue({ call, option: 'metadata', value: options.metadata, expected: 'an object', fits: isRecord });
  checkValue({
    call,
    option: 'retries',
    value: options.retries,
    expected: 'a whole number from 0',
    fits: (value) => Number.isInteger(value) && Number(value) >= 0,
  });
  checkValue({
    call,
    option: 'partitions',
    value: options.partitions,
    expected: 'partitions such as daily({ start: "2026-01-01" })',
    fits: (value) => isRecord(value) && Array.isArray(value.dimensions) && value.dimensions.length > 0,
  });
}

type Common = Pick<
  AssetSpec,
  'description' | 'owner' | 'tags' | 'metadata' | 'engine' | 'partitions' | 'policy'
>;

/** The options that stand in the spec as they are. `checkCommon` has seen them. */
function common(call: string, options: LooseOptions): Common {
  const { description, owner, tags, engine, partitions, metadata } = options as Common;
  const policy = policyOf(call, options);
  return {
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(metadata === undefined ? {} : { metadata: toJsonObject(call, metadata) }),
    ...(engine === undefined ? {} : { engine }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(policy === undefined ? {} : { policy }),
  };
}

/** Retries, time-out and resource of assets and publishes. */
export function policyOf(
  call: string,
  options: { readonly retries?: unknown; readonly timeout?: unknown; readonly resource?: unknown },
): AssetSpec['policy'] {
  const { retries, timeout, resource } = options;
  if (retries === undefined && timeout === undefined && resource === undefined) return undefined;
  return {
    ...(typeof retries === 'number' ? { retries } : {}),
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(`${call}: timeout`, timeout) }),
    ...(typeof resource === 'string' ? { resource } : {}),
  };
}

function columnsOf(call: string, schema: unknown): Columns | undefined {
  const expected = 'columns such as { id: t.int64(), note: t.text().nullable() }';
  checkValue({
    call,
    option: 'schema',
    value: schema,
    expected,
    fits: (v) => isRecord(v) && Object.keys(v).length > 0,
  });
  if (schema === undefined) return undefined;
  for (const [name, column] of Object.entries(schema as Record<string, unknown>)) {
    if (hasBrand(column, '@vp/column')) continue;
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option: `column "${name}" of schema`,
      expected: 'a type such as t.text()',
      got: isBranded('function')(column) ? 'a function' : describeValue(column),
    });
  }
  return schema as Columns;
}

function keyOf(call: string, key: unknown, columns: Columns | undefined): readonly string[] | undefined {
  checkValue({ call, option: 'key', value: key, expected: 'an array of column names', fits: isTexts });
  if (key === undefined) return undefined;
  const names: readonly string[] = Object.keys(columns ?? {});
  for (const column of key as readonly string[]) {
    if (names.includes(column)) continue;
    throw errors.VP_AUTHORING_COLUMN_UNKNOWN({
      call: `${call}: key`,
      column,
      asset: 'the asset',
      suggestion: didYouMean(column, names),
    });
  }
  return key as readonly string[];
}
