import { isSecretRef, suggest } from '@vp/contracts';
import { defaultsOf } from '../json-schema/index.ts';
import { errors } from './errors.ts';
import { knownKeys, type SectionSchema, sectionAt } from './known-keys.ts';
import type { ConfigLayer, ConfigPlace } from './layers.ts';
import { type ConfigPath, formatKey, parseKey } from './path.ts';
import type { ResolvedConfig } from './resolve.ts';
import { projectJsonSchema } from './schema.ts';
import { typed } from './typed.ts';
import { type ConfigTable, isTable, leaves, mergeTables, valueAt, withValue } from './values.ts';

export interface ExplainedValue {
  readonly layer: string;
  /** Secrets as their reference; a secret written out in place of one as `[hidden]`. */
  readonly value: unknown;
  readonly place: ConfigPlace;
}

/** Why a key has the value that it has. */
export interface KeyExplanation {
  readonly key: string;
  readonly path: ConfigPath;
  /** What each layer says, weakest first. */
  readonly values: readonly ExplainedValue[];
  /** The one that holds; undefined when no layer sets the key. */
  readonly winner: ExplainedValue | undefined;
}

const secretName = /pass(word|phrase|wd)?$|secret|token|api_?key|private_?key|credential/i;

/** Whether a key's name says that its value is not for everybody's eyes. */
export function isSecretKey(key: string): boolean {
  return secretName.test(key);
}

/** What is explained: the project's layers, and beneath them the defaults of the plugin in question. */
interface View {
  readonly points: readonly string[];
  readonly merged: ConfigTable;
  readonly layers: readonly ConfigLayer[];
  readonly schemaOf: SectionSchema | undefined;
}

export function explain(init: {
  readonly config: Pick<ResolvedConfig, 'points' | 'merged' | 'layers'>;
  readonly key: string;
  readonly schemaOf?: SectionSchema | undefined;
}): readonly KeyExplanation[] {
  const { config, key, schemaOf } = init;
  const path = parseKey(key);
  const defaults = pluginDefaults(config, path, schemaOf);
  const view: View = {
    points: config.points,
    merged: mergeTables([...defaults.map((layer) => layer.values), config.merged]),
    layers: [...defaults, ...config.layers],
    schemaOf,
  };
  const found = valueAt(view.merged, path);
  if (found === undefined && !isKnown(view, path)) {
    throw errors.VP_CONFIG_NO_SUCH_KEY({ key, suggestion: suggestion(view, path) });
  }
  const paths = isTable(found) ? leaves(found).map((inner) => [...path, ...inner]) : [path];
  return paths.map((each) => explainPath(view, each));
}

function pluginDefaults(
  config: Pick<ResolvedConfig, 'points'>,
  path: ConfigPath,
  schemaOf: SectionSchema | undefined,
): readonly ConfigLayer[] {
  const section = sectionAt(config, path);
  const schema = section === undefined ? undefined : schemaOf?.(section);
  if (section === undefined || schema === undefined) return [];
  const values = withValue({}, section, defaultsOf(schema));
  return [{ name: 'defaults', values, where: () => ({ text: `default of ${formatKey(section)}` }) }];
}

function explainPath(view: View, path: ConfigPath): KeyExplanation {
  const section = sectionAt(view, path);
  const ofSection = section === undefined ? undefined : view.schemaOf?.(section);
  const show = (value: unknown) =>
    ofSection === undefined
      ? typed(value, projectJsonSchema(view.points), path)
      : typed(value, ofSection, path.slice(2));
  const values = view.layers.flatMap((layer): ExplainedValue[] => {
    const value = valueAt(layer.values, path);
    if (value === undefined) return [];
    return [{ layer: layer.name, value: hideSecrets(show(value), path), place: layer.where(path) }];
  });
  return { key: formatKey(path), path, values, winner: values.at(-1) };
}

function hideSecrets(value: unknown, path: ConfigPath): unknown {
  if (Array.isArray(value)) return value.map((inner) => hideSecrets(inner, path));
  if (isTable(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, hideSecrets(inner, [...path, key])]),
    );
  }
  const hidden =
    path.some(isSecretKey) && path[0] !== 'plugins' && typeof value === 'string' && !isSecretRef(value);
  return hidden ? '[hidden]' : value;
}

function isKnown(view: View, path: ConfigPath): boolean {
  const last = path.at(-1);
  return last !== undefined && knownKeys(view, path.slice(0, -1), view.schemaOf).includes(last);
}

/** The first part that is wrong, put right, with what follows it. */
function suggestion(view: View, path: ConfigPath): string {
  const wrong = path.findIndex((_, index) => !isKnown(view, path.slice(0, index + 1)));
  const known = knownKeys(view, path.slice(0, wrong), view.schemaOf);
  const near = suggest(path[wrong] ?? '', known);
  if (near === undefined) return '';
  return `Did you mean "${formatKey([...path.slice(0, wrong), near, ...path.slice(wrong + 1)])}"?`;
}
