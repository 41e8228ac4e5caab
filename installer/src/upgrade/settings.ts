import type { ConfigChange } from './config-changes.ts';
import type { ManifestChanges } from './manifest-changes.ts';

/** What a project sets of a contribution: a connection, a section of vp.toml, the options of an asset. */
export interface Setting {
  /** `connections.shop`, `asset raw_orders` */
  readonly place: string;
  readonly point: string;
  readonly id: string;
  /** Which of the contribution's two schemas it follows. */
  readonly schema: 'config' | 'options';
  readonly values: Readonly<Record<string, unknown>>;
}

/** A setting that the new version does not take as it is. */
export interface SettingConflict {
  readonly place: string;
  readonly key: string;
  readonly problem: string;
}

/** Settings that have to change with a version: keys that are gone, of another type, or needed now. */
export function settingConflicts(
  changes: ManifestChanges,
  settings: readonly Setting[],
): readonly SettingConflict[] {
  return settings.flatMap(({ place, point, id, schema, values }) => {
    const change = changes.contributions.find((each) => each.point === point && each.id === id);
    if (change === undefined) return [];
    if (change.change === 'removed')
      return [{ place, key: '', problem: `uses ${point} ${id}, which is gone` }];
    const set = keysOf(values);
    return change[schema].flatMap((each) => {
      const problem = problemOf(each, set.has(each.key));
      return problem === undefined || parentIsMissing(each.key, set)
        ? []
        : [{ place, key: each.key, problem }];
    });
  });
}

function problemOf({ change, breaking, from, to }: ConfigChange, isSet: boolean): string | undefined {
  if (!breaking) return undefined;
  if (change === 'removed') return isSet ? 'is not known any more' : undefined;
  if (change === 'retyped') return isSet ? `was ${from} and has to be ${to} now` : undefined;
  return isSet ? undefined : `has to be set now${to === undefined ? '' : ` (${to})`}`;
}

/** A key within an object that is not set is not missing. */
function parentIsMissing(key: string, set: ReadonlySet<string>): boolean {
  const parent = key.slice(0, Math.max(0, key.lastIndexOf('.')));
  return parent !== '' && !set.has(parent);
}

function keysOf(values: Readonly<Record<string, unknown>>, prefix = ''): ReadonlySet<string> {
  const keys = Object.entries(values).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isTable ? [key, ...keysOf({ ...value }, `${key}.`)] : [key];
  });
  return new Set(keys);
}
