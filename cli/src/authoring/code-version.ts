import type { SqlText } from '@vp/contracts';

const sqlToken =
  /(?<gap>(?:\/\*[\s\S]*?\*\/|--[^\n]*|\s)+)|[eE]'(?:\\.|''|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"|\$(\w*)\$[\s\S]*?\$\2\$/g;

/**
 * SQL without what does not change its meaning: comments go, runs of white space become one space,
 * texts and quoted names stay. So that formatting a file recomputes nothing.
 */
export function normaliseSql(source: string): string {
  return source
    .replace(sqlToken, (token, gap?: string) => (gap === undefined ? token : ' '))
    .replace(/ +$|^ +/g, '');
}

/** What stands for a SQL asset's code. */
export function sqlVersion(sql: SqlText): string {
  return `${normaliseSql(sql.strings.join(' \u0000 '))}\n${JSON.stringify(sql.parts)}`;
}

const gap = /(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s)+/y;
const text = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y;
const regExp = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y;
/** After these a slash begins a regular expression; after a name, a number or `)` it divides. */
const beforeRegExp =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|yield|await|delete))\s*$/;

/**
 * JavaScript source without comments and with runs of white space as one space. Code that the small
 * scanner cannot follow stays as it is: rather one run too many than one too few.
 */
export function normaliseCode(source: string): string {
  const scanned = scan(source, 0, undefined);
  return scanned === undefined ? source : scanned.out.trim();
}

interface Scanned {
  readonly out: string;
  readonly end: number;
}

function scan(source: string, from: number, closing: '}' | undefined): Scanned | undefined {
  let out = '';
  let position = from;
  let depth = 0;
  while (position < source.length) {
    const char = source.charAt(position);
    const blank = matchAt(gap, source, position);
    if (blank !== undefined) {
      out += ' ';
      position += blank.length;
      continue;
    }
    if (char === '`') {
      const template = scanTemplate(source, position);
      if (template === undefined) return undefined;
      out += template.out;
      position = template.end;
      continue;
    }
    const literal =
      char === '/' && beforeRegExp.test(out)
        ? matchAt(regExp, source, position)
        : matchAt(text, source, position);
    if (literal === undefined && (char === "'" || char === '"')) return undefined;
    if (char === '{') depth += 1;
    if (char === '}') {
      if (depth === 0 && closing === '}') return { out, end: position };
      depth -= 1;
    }
    out += literal ?? char;
    position += literal?.length ?? 1;
  }
  return closing === undefined ? { out, end: position } : undefined;
}

function scanTemplate(source: string, from: number): Scanned | undefined {
  let out = '`';
  let position = from + 1;
  while (position < source.length) {
    const char = source.charAt(position);
    if (char === '`') return { out: `${out}\``, end: position + 1 };
    if (char === '\\') {
      out += source.slice(position, position + 2);
      position += 2;
    } else if (char === '$' && source.charAt(position + 1) === '{') {
      const inner = scan(source, position + 2, '}');
      if (inner === undefined) return undefined;
      out += `\${${inner.out}}`;
      position = inner.end + 1;
    } else {
      out += char;
      position += 1;
    }
  }
  return undefined;
}

function matchAt(pattern: RegExp, source: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(source)?.[0];
}
