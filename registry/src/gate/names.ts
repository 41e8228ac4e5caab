import { errors } from '../errors.ts';

const part = /^[a-z0-9][a-z0-9._-]*$/;
const reserved = ['node_modules', 'favicon.ico', 'package.json'];

/** The rules of npm for new packages. */
export function checkName(name: string): void {
  const problem = problemOf(name);
  if (problem !== undefined) throw errors.VP_REGISTRY_NAME({ name, problem });
}

export const isName = (name: string) => problemOf(name) === undefined;

function problemOf(name: string): string | undefined {
  if (name.length > 214) return 'it is longer than 214 characters';
  const [, scope, own = name] = /^@([^/]*)\/(.*)$/.exec(name) ?? [];
  if (scope !== undefined && !part.test(scope))
    return 'its scope may have lower case letters, digits and . _ - only';
  if (!part.test(own))
    return 'it may have lower case letters, digits and . _ - only, and begin with a letter or digit';
  if (reserved.includes(own)) return 'the name is reserved';
  return undefined;
}

/** Whether a name belongs to this registry alone, whatever an upstream has of the same name. */
export function isPrivate(
  name: string,
  config: { readonly private_scopes: readonly string[]; readonly private_packages: readonly string[] },
): boolean {
  return (
    config.private_packages.includes(name) ||
    config.private_scopes.some((scope) => name.startsWith(`${scope}/`))
  );
}
