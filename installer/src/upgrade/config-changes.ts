import type { JsonSchema } from '@vp/contracts';
import { type ConfigKey, configKeys } from '@vp/contracts/registry';

/** A key of a configuration that is not what it was. */
export interface ConfigChange {
  readonly key: string;
  readonly change: 'added' | 'removed' | 'required' | 'optional' | 'retyped' | 'default';
  /** Type or default as it was and is, where that changed. */
  readonly from?: string;
  readonly to?: string;
  /** Whether a configuration that was right may be wrong now. */
  readonly breaking: boolean;
}

/** How the keys of a schema changed; none of a schema that there was not before. */
export function configChanges(
  before: JsonSchema | undefined,
  after: JsonSchema | undefined,
): readonly ConfigChange[] {
  const old = keysOf(before);
  const now = keysOf(after);
  const removed = [...old.keys()]
    .filter((key) => !now.has(key))
    .map((key): ConfigChange => ({ key, change: 'removed', breaking: true }));
  const others = [...now.values()].flatMap((key) => changesOf(old.get(key.key), key));
  return [...removed, ...others].toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

const keysOf = (schema: JsonSchema | undefined): ReadonlyMap<string, ConfigKey> =>
  new Map((schema === undefined ? [] : configKeys(schema)).map((key) => [key.key, key]));

function changesOf(old: ConfigKey | undefined, now: ConfigKey): readonly ConfigChange[] {
  const { key } = now;
  const needed = now.required && now.default === undefined;
  if (old === undefined) return [{ key, change: 'added', to: now.type, breaking: needed }];
  const changes: ConfigChange[] = [];
  if (old.type !== now.type)
    changes.push({
      key,
      change: 'retyped',
      from: old.type,
      to: now.type,
      breaking: !widens(old.type, now.type),
    });
  if (old.required !== now.required)
    changes.push({ key, change: now.required ? 'required' : 'optional', breaking: needed });
  if (old.default !== now.default)
    changes.push({
      key,
      change: 'default',
      ...(old.default === undefined ? {} : { from: old.default }),
      ...(now.default === undefined ? {} : { to: now.default }),
      breaking: false,
    });
  return changes;
}

/** Whether each way to write the old type is a way to write the new one: `string` in `string or integer`. */
function widens(from: string, to: string): boolean {
  const ways = new Set(waysOf(to));
  return waysOf(from).every((way) => ways.has(way) || (way === 'integer' && ways.has('number')));
}

const waysOf = (type: string): readonly string[] =>
  type.startsWith('one of ')
    ? type.slice('one of '.length).split(', ')
    : type.split(' or ').map((way) => way.trim());
