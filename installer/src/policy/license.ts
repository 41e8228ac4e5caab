import parse, { type Info } from 'spdx-expression-parse';

/** `license` of a package.json as text: an expression, or what npm allowed in its first years. */
export function licenseText(manifest: { readonly license?: unknown; readonly licenses?: unknown }): string {
  const { license, licenses } = manifest;
  const given = license ?? licenses;
  if (!Array.isArray(given)) return idOf(given);
  const ids = given.map((each) => idOf(each));
  return ids.length > 1 ? `(${ids.join(' OR ')})` : (ids[0] ?? 'unknown');
}

function idOf(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  if (typeof value === 'object' && value !== null && 'type' in value) return idOf(value.type);
  return 'unknown';
}

/**
 * Whether one may use something under this licence when only `allowed` ones are accepted: of `OR` one must be
 * allowed, of `AND` both. An exception takes nothing away, so the licence itself is enough. What is
 * no SPDX expression is allowed only where it stands on the list letter by letter.
 */
export function isLicensed(expression: string, allowed: readonly string[]): boolean {
  if (allowed.includes(expression)) return true;
  const parsed = parsedLicense(expression);
  return parsed !== undefined && satisfies(parsed, new Set(allowed));
}

/** Whether a text names a licence, or an expression of licences. */
export const isLicense = (text: string): boolean => parsedLicense(text) !== undefined;

function parsedLicense(text: string): Info | undefined {
  try {
    return parse(text);
  } catch {
    // The parser throws at whatever is no expression: `SEE LICENSE IN x`, `UNLICENSED`, `Apache 2`.
    return undefined;
  }
}

function satisfies(info: Info, allowed: ReadonlySet<string>): boolean {
  if ('conjunction' in info) {
    const sides = [info.left, info.right];
    const one = (side: Info) => satisfies(side, allowed);
    return info.conjunction === 'or' ? sides.some(one) : sides.every(one);
  }
  const { license, plus, exception } = info;
  const names = plus ? [license, `${license}+`, `${license}-or-later`] : [license];
  const written = plus ? `${license}+` : license;
  if (exception !== undefined) names.push(`${written} WITH ${exception}`);
  return names.some((name) => allowed.has(name));
}
