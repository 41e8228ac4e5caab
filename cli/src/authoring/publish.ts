import {
  type AssetSpec,
  didYouMean,
  hasBrand,
  type PublishSpec,
  type SourceLocation,
  type WriteMode,
} from '@vp/contracts';
import { policyOf } from './asset.ts';
import type { HasRow } from './asset-type.ts';
import { errors } from './errors.ts';
import { callerLocation, locate } from './origin.ts';
import type { SinkUse } from './source.ts';
import { rememberUpstream } from './upstream.ts';
import { checkKeys, checkValue, describeValue, isText, isTexts } from './validate.ts';

/** How an asset is written to a sink. */
export interface PublishOptions<Column extends string> {
  /** Unique in the pipeline; the asset and the sink when left out. */
  readonly name?: string;
  /** `replace` when left out. */
  readonly mode?: WriteMode;
  /** For `merge`: the columns that identify a row; the asset's `key` when left out. */
  readonly key?: readonly Column[];
  /** Losses that are accepted, by the names that `vp plan` gives them. */
  readonly allowLoss?: readonly string[];
  readonly retries?: number;
  readonly timeout?: string | number;
  readonly resource?: string;
}

const keys = ['name', 'mode', 'key', 'allowLoss', 'retries', 'timeout', 'resource'] as const;

/** Writes an asset to a sink whenever it has new data: `publish(daily, sink('parquet', { path: 'out/daily.parquet' }))`. */
export function publish<Row>(
  asset: AssetSpec & HasRow<Row>,
  to: SinkUse,
  options: PublishOptions<NoInfer<keyof Row & string>> = {},
): PublishSpec {
  const origin = callerLocation();
  return locate(origin, () => build({ asset, to, options, origin }));
}

function build(init: {
  readonly asset: AssetSpec;
  readonly to: SinkUse;
  readonly options: PublishOptions<string>;
  readonly origin: SourceLocation | undefined;
}): PublishSpec {
  const { asset, to, options, origin } = init;
  requireBrand('its first argument', asset, '@vp/asset', 'an asset');
  const call = `publish("${asset.name}")`;
  requireBrand('its second argument', to, '@vp/sink-use', 'made by sink("<id>", { … })');
  checkKeys(call, options, keys);
  checkValue({ call, option: 'name', value: options.name, expected: 'a text', fits: isText });
  checkValue({ call, option: 'key', value: options.key, expected: 'column names', fits: isTexts });
  checkValue({
    call,
    option: 'allowLoss',
    value: options.allowLoss,
    expected: 'an array of texts',
    fits: isTexts,
  });
  const { mode = 'replace', name = `${asset.name}->${to.use}` } = options;
  const fits = (value: unknown): boolean => ['replace', 'append', 'merge'].includes(String(value));
  checkValue({ call, option: 'mode', value: mode, expected: '"replace", "append" or "merge"', fits });
  if (asset.materialize === 'none') {
    throw errors.VP_AUTHORING_OPTION_MISPLACED({
      call,
      option: 'its first argument',
      why: `asset("${asset.name}") is a task and has no data`,
    });
  }
  const key = keyOf(call, asset, options.key, mode);
  const policy = policyOf(call, options);
  const spec: PublishSpec = {
    $$type: '@vp/publish',
    version: 'v1',
    name,
    ...(origin === undefined ? {} : { origin }),
    asset: asset.name,
    use: to.use,
    ...(to.connection === undefined ? {} : { connection: to.connection }),
    options: to.options,
    mode,
    ...(key === undefined ? {} : { key }),
    ...(options.allowLoss === undefined ? {} : { allowLoss: [...options.allowLoss] }),
    ...(policy === undefined ? {} : { policy }),
  };
  return rememberUpstream(spec, [asset]);
}

function requireBrand(option: string, value: unknown, brand: string, expected: string): void {
  if (hasBrand(value, brand)) return;
  throw errors.VP_AUTHORING_OPTION_INVALID({
    call: 'publish()',
    option,
    expected,
    got: describeValue(value),
  });
}

function keyOf(
  call: string,
  asset: AssetSpec,
  given: readonly string[] | undefined,
  mode: WriteMode,
): readonly string[] | undefined {
  const key = given ?? (mode === 'merge' ? asset.schema?.key : undefined);
  if (mode === 'merge' && (key === undefined || key.length === 0)) {
    throw errors.VP_AUTHORING_OPTION_MISSING({
      call,
      option: 'key',
      why: 'merge must know which columns identify a row',
      example: 'key: ["id"] here or on the asset',
    });
  }
  const names = asset.schema?.fields.map((field) => field.name);
  for (const column of key ?? []) {
    if (names === undefined || names.includes(column)) continue;
    throw errors.VP_AUTHORING_COLUMN_UNKNOWN({
      call: `${call}: key`,
      column,
      asset: `"${asset.name}"`,
      suggestion: didYouMean(column, names),
    });
  }
  return key;
}
