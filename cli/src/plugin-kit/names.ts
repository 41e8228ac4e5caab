import { errors } from './errors.ts';

/** What a new plugin is called, everywhere. */
export interface PluginNames {
  /** npm package. */
  readonly package: string;
  /** Contribution id. */
  readonly id: string;
  /** Where it goes when nobody says otherwise. */
  readonly folder: string;
}

const part = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * `acme-weather` is the package `acme-weather`, or `@acme/weather` with the scope `acme`; its
 * contribution is called like the package without the scope.
 *
 * @throws VpError `VP_KIT_NAME`
 */
export function pluginNames(given: {
  readonly name: string;
  readonly scope?: string | undefined;
  readonly id?: string | undefined;
}): PluginNames {
  const scoped = /^@([^/]+)\/([^/]+)$/.exec(given.name);
  const scope = (given.scope ?? scoped?.[1])?.replace(/^@/, '');
  const own = scoped?.[2] ?? given.name;
  for (const text of [own, scope ?? 'none', given.id ?? 'none'])
    if (!part.test(text) || text.length > 100) throw errors.VP_KIT_NAME({ name: text });
  const bare = scope !== undefined && own.startsWith(`${scope}-`) ? own.slice(scope.length + 1) : own;
  if (scope === undefined) return { package: own, id: given.id ?? own, folder: own };
  return { package: `@${scope}/${bare}`, id: given.id ?? bare, folder: scoped === null ? own : bare };
}

/** What stands in the place of a template's placeholders. */
export function placeholders({ package: name, id }: PluginNames): Readonly<Record<string, string>> {
  const words = id.split(/[^a-z0-9]+/);
  return {
    name,
    id,
    class: words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join(''),
    snake: words.join('_'),
    code: words.join('_').toUpperCase(),
  };
}

/** A text with its `{{placeholders}}` replaced; others stay as they are. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole);
