import semver from 'semver';
import { errors } from '../errors.ts';

/** A plugin that somebody asks to install. */
export interface PluginSpec {
  /** Key of `[plugins]`: an alias, or the package's name. */
  readonly key: string;
  readonly package: string;
  /** A semver range, or a tag; any version when left out. */
  readonly wanted?: string | undefined;
}

const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const aliasName = /^[a-z][a-z0-9-]*$/;

export const isPackageName = (text: string): boolean => packageName.test(text);

/**
 * Reads `@vp/postgres`, `@vp/postgres@^1`, `@vp/postgres@latest`, `pg16=@vp/postgres@2`.
 *
 * @throws VpError `VP_INSTALL_SPEC`
 */
export function parseSpec(text: string, alias?: string): PluginSpec {
  const refuse = (why: string) => errors.VP_INSTALL_SPEC({ text, why });
  if (/^(?:\.{0,2}\/|~\/|file:|[A-Za-z]:\\)/.test(text))
    throw refuse('it is a path: link a plugin that is being written with vp plugins dev');
  if (/^(?:git[+:@]|https?:|github:)/.test(text))
    throw refuse('it is a URL: vp installs from registries and bundles alone');
  const cut = text.indexOf('=');
  const isAliased = cut > 0 && !text.slice(0, cut).includes('@');
  const written = isAliased ? text.slice(0, cut) : undefined;
  if (written !== undefined && alias !== undefined) throw refuse('it has two aliases');
  const rest = isAliased ? text.slice(cut + 1) : text;
  const at = rest.indexOf('@', 1);
  const name = at === -1 ? rest : rest.slice(0, at);
  const wanted = at === -1 ? undefined : rest.slice(at + 1).trim();
  if (!packageName.test(name)) throw refuse(`"${name}" is not the name of a package`);
  const key = alias ?? written ?? name;
  if (key !== name && !aliasName.test(key))
    throw refuse(`the alias "${key}" must be lower case letters, digits and dashes`);
  if (wanted === '') throw refuse('there is no version after @');
  if (wanted !== undefined && semver.validRange(wanted) === null && !/^[a-z][\w.-]*$/i.test(wanted))
    throw refuse(`"${wanted}" is neither a version nor a tag`);
  return { key, package: name, ...(wanted === undefined ? {} : { wanted }) };
}
