import type { JsonObject, SinkOptions, SourceOptions } from '@vp/contracts';
import { errors } from './errors.ts';
import { checkKeys, checkValue, describeValue, isText, toJsonObject } from './validate.ts';

/**
 * The sources of the project's plugins, filled by its `vp-env.d.ts`: the types of their options, or
 * `true` for those without.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface KnownSources {}

/** As {@link KnownSources}, for sinks. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface KnownSinks {}

/** Options of a plugin that has no types for them. */
export type UntypedOptions = { readonly [option: string]: unknown };

/**
 * The ids that may be used: any while no plugin's types are loaded, else those of the plugins in
 * vp.toml (`vp types sync` writes them into `vp-env.d.ts`).
 */
type IdOf<Typed, Known> = [keyof Typed | keyof Known] extends [never]
  ? string
  : (keyof Typed | keyof Known) & string;

type OptionsOf<Typed, Known, Id> = (Id extends keyof Typed
  ? Typed[Id]
  : Id extends keyof Known
    ? Known[Id] extends true
      ? UntypedOptions
      : Known[Id]
    : UntypedOptions) & {
  /** A `[connections.<name>]` of vp.toml. */
  readonly connection?: string;
};

/** Id of a source of this project. */
export type SourceId = IdOf<SourceOptions, KnownSources>;

/** Id of a sink of this project. */
export type SinkId = IdOf<SinkOptions, KnownSinks>;

interface Use {
  readonly version: 'v1';
  readonly use: string;
  readonly connection?: string;
  readonly options: JsonObject;
}

/** Where an asset's data is read from. Made by `source()`. */
export interface SourceUse extends Use {
  readonly $$type: '@vp/source-use';
}

/** Where an asset is written to. Made by `sink()`. */
export interface SinkUse extends Use {
  readonly $$type: '@vp/sink-use';
}

/** Reads through a source plugin: `source('files', { path: 'data/*.csv' })`. */
export function source<Id extends SourceId>(
  id: Id,
  options: OptionsOf<SourceOptions, KnownSources, Id>,
): SourceUse {
  return { $$type: '@vp/source-use', ...use('source', id, options) };
}

/** Writes through a sink plugin: `sink('parquet', { path: 'out/daily.parquet' })`. */
export function sink<Id extends SinkId>(id: Id, options: OptionsOf<SinkOptions, KnownSinks, Id>): SinkUse {
  return { $$type: '@vp/sink-use', ...use('sink', id, options) };
}

function use(kind: string, id: string, options: { readonly connection?: string }): Use {
  if (!isText(id)) {
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call: `${kind}()`,
      option: 'its first argument',
      expected: `the id of a ${kind}`,
      got: describeValue(id),
    });
  }
  const call = `${kind}("${id}")`;
  checkKeys(call, options, Object.keys(options ?? {}));
  const { connection, ...rest } = options;
  checkValue({ call, option: 'connection', value: connection, expected: 'a text', fits: isText });
  return {
    version: 'v1',
    use: id,
    ...(connection === undefined ? {} : { connection }),
    options: toJsonObject(call, rest),
  };
}
