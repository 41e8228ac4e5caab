import { errors } from './errors.ts';

/** Keys from the root of the configuration downwards. */
export type ConfigPath = readonly string[];

const bare = /^[A-Za-z0-9_-]+$/;

/** As TOML writes a dotted key: `plugins."@vp/files".version`. */
export function formatKey(path: ConfigPath): string {
  return path.map((part) => (bare.test(part) ? part : JSON.stringify(part))).join('.');
}

/** The inverse of `formatKey`; also takes single-quoted parts. */
export function parseKey(key: string): ConfigPath {
  const fail = (problem: string) => errors.VP_CONFIG_BAD_KEY({ key, problem });
  const path: string[] = [];
  let rest = key.trim();
  if (rest === '') throw fail('it is empty');
  for (;;) {
    const part = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^."']+))\s*/.exec(rest);
    if (part === null) throw fail(`there is no key at "${rest}"`);
    const [all, double, single, plain] = part;
    path.push(double === undefined ? (single ?? plain ?? '').trim() : unquote(double, fail));
    rest = rest.slice(all.length);
    if (rest === '') return path;
    if (!rest.startsWith('.')) throw fail(`there is no dot before "${rest}"`);
    rest = rest.slice(1).trimStart();
  }
}

function unquote(text: string, fail: (problem: string) => Error): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    throw fail(`"${text}" has an escape that TOML does not know`);
  }
}
