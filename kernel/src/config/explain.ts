import { isSecretRef, suggest } from '@vp/contracts';
import { errors } from './errors.ts';
import { knownKeys } from './known-keys.ts';
import type { ConfigPlace } from './layers.ts';
import { type ConfigPath, formatKey, parseKey } from './path.ts';
import type { ResolvedConfig } from './resolve.ts';
import { projectJsonSchema } from './schema.ts';
import { typed } from './schema-walk.ts';
import { isRawText, isTable, leaves, valueAt } from './values.ts';

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

export function explain(init: {
  readonly config: ResolvedConfig;
  readonly key: string;
}): readonly KeyExplanation[] {
  const { config, key } = init;
  const path = parseKey(key);
  const found = valueAt(config.merged, path);
  if (found === undefined && !isKnown(config, path)) {
    throw errors.VP_CONFIG_NO_SUCH_KEY({ key, suggestion: suggestion(config, path) });
  }
  const paths = isTable(found) ? leaves(found).map((inner) => [...path, ...inner]) : [path];
  return paths.map((each) => explainPath(config, each));
}

function explainPath(config: ResolvedConfig, path: ConfigPath): KeyExplanation {
  const schema = projectJsonSchema(config.points);
  const values = config.layers.flatMap((layer): ExplainedValue[] => {
    const value = valueAt(layer.values, path);
    if (value === undefined) return [];
    const shown = isRawText(value) ? typed(value, schema, path) : value;
    return [{ layer: layer.name, value: hideSecrets(shown, path), place: layer.where(path) }];
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

function isKnown(config: ResolvedConfig, path: ConfigPath): boolean {
  const last = path.at(-1);
  return last !== undefined && knownKeys(config, path.slice(0, -1)).includes(last);
}

/** The first part that is wrong, put right, with what follows it. */
function suggestion(config: ResolvedConfig, path: ConfigPath): string {
  const wrong = path.findIndex((_, index) => !isKnown(config, path.slice(0, index + 1)));
  const known = knownKeys(config, path.slice(0, wrong));
  const near = suggest(path[wrong] ?? '', known);
  if (near === undefined) return '';
  return `Did you mean "${formatKey([...path.slice(0, wrong), near, ...path.slice(wrong + 1)])}"?`;
}
