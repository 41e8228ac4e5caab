import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';

/** A granted `read:` or `write:` pattern, absolute. */
export interface FilePattern {
  readonly mode: 'read' | 'write';
  /** The folder before the first wildcard, or the file itself, as written. */
  readonly given: string;
  /** The same with symbolic links followed. */
  readonly base: string;
  /** What may come after it, with wildcards; empty for a file. */
  readonly rest: string;
  /** As the manifest writes it. */
  readonly text: string;
}

/** Patterns of grants, relative ones from the project. Those that leave their root grant nothing. */
export function filePatterns(
  grants: readonly string[],
  { project, state }: { readonly project: string; readonly state: string },
): readonly FilePattern[] {
  return grants.flatMap((text) => {
    const cut = text.indexOf(':');
    const mode = text.slice(0, cut);
    if (mode !== 'read' && mode !== 'write') return [];
    const path = text
      .slice(cut + 1)
      .replaceAll(/\$\{state\}/g, () => state)
      .replaceAll('\\', '/');
    const segments = path.split('/');
    if (segments.includes('..')) return [];
    const first = segments.findIndex((segment) => segment.includes('*'));
    const fixed = first === -1 ? segments : segments.slice(0, first);
    const rest = first === -1 ? [] : segments.slice(first);
    const given = resolve(project, fixed.join('/') === '' && path.startsWith('/') ? '/' : fixed.join('/'));
    return [{ mode, given, base: realPath(given), rest: rest.join('/'), text }];
  });
}

/** Where a path leads, as far as it exists. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = resolve(path, '..');
    // What does not exist yet lies where its folder does.
    return parent === path
      ? path
      : resolve(realPath(parent), path.slice(parent.length).replace(/^[/\\]/, ''));
  }
}

/** Whether a path (a real one) is granted. */
export function isGranted(patterns: readonly FilePattern[], mode: 'read' | 'write', path: string): boolean {
  return patterns.some((pattern) => {
    if (pattern.mode !== mode) return false;
    if (pattern.rest === '') return path === pattern.base;
    const prefix = pattern.base.endsWith(sep) ? pattern.base : `${pattern.base}${sep}`;
    if (path !== pattern.base && !path.startsWith(prefix)) return false;
    const segments = path
      .slice(prefix.length)
      .split(sep)
      .filter((segment) => segment !== '');
    return matches(pattern.rest.split('/'), segments);
  });
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...others] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === '**') {
    if (others.length === 0) return true;
    return path.some((_, index) => matches(others, path.slice(index)));
  }
  const [head, ...rest] = path;
  return head !== undefined && matchesText(first, head) && matches(others, rest);
}

/** `*` stands for any run of characters. */
export function matchesText(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const parts = pattern.split('*').map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
