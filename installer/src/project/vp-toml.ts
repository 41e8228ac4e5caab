import { isDeepStrictEqual } from 'node:util';
import type { AST } from 'toml-eslint-parser';
import { errors } from '../errors.ts';
import {
  type Assignment,
  lineEnd,
  lineStart,
  readToml,
  type TomlTree,
  tomlKey,
  tomlValue,
} from './toml-tree.ts';

/** Fields of a plugin in vp.toml; `undefined` takes a field away. */
export type PluginFields = { readonly version: string } & { readonly [field: string]: unknown };

/** What becomes of a key of `[plugins]`: new fields beside those that are there, or nothing. */
export interface PluginEdit {
  readonly key: string;
  /** `undefined` removes the plugin. */
  readonly fields: PluginFields | undefined;
}

/**
 * Edits `[plugins]` of a vp.toml and leaves everything else as it is, letter by letter: comments, order,
 * spaces. What comes out is read again and held against what was meant.
 *
 * @throws VpError `VP_INSTALL_TOML`, `VP_INSTALL_TOML_FORM` when it cannot be edited so
 */
export function editPlugins(text: string, edits: readonly PluginEdit[], file = 'vp.toml'): string {
  return edits.reduce((before, edit) => {
    const tree = readToml(before, file);
    const { after, removed } = apply(tree, edit);
    if (after === before) return before;
    check(tree, { edit, after, removed, file });
    return after;
  }, text);
}

interface Edited {
  readonly after: string;
  /** Ranges of the old text that went, with the comments in them. */
  readonly removed: readonly (readonly [start: number, end: number])[];
}

function apply(tree: TomlTree, { key, fields }: PluginEdit): Edited {
  const whole = tree.assignments.find(({ path }) => isPath(path, ['plugins', key]));
  const isThere =
    whole !== undefined ||
    tree.tables.some(({ resolvedKey }) => isPath(resolvedKey.slice(0, 2), ['plugins', key])) ||
    tree.assignments.some(({ path }) => isPath(path.slice(0, 2), ['plugins', key]));
  if (fields === undefined) return isThere ? remove(tree, key) : { after: tree.text, removed: [] };
  if (!isThere) return { after: insert(tree, key, fields), removed: [] };
  if (whole !== undefined) return { after: setWhole(tree, whole, fields), removed: [] };
  return setFields(tree, key, fields);
}

const isPath = (path: readonly unknown[], wanted: readonly unknown[]) => isDeepStrictEqual(path, wanted);

const splice = (text: string, [start, end]: readonly [number, number], by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** `"@vp/files" = "^1"` or `"@vp/files" = { … }`. */
function setWhole(tree: TomlTree, { path, node }: Assignment, fields: PluginFields): string {
  const before = valueAt(tree.values, path);
  const old = typeof before === 'object' && before !== null ? { ...before } : { version: before };
  const all = defined({ ...old, ...fields });
  if (isDeepStrictEqual(all, old)) return tree.text;
  const isShort = typeof before === 'string' || Object.keys(old).length > 1;
  const single = isShort && Object.keys(all).every((field) => field === 'version');
  return splice(tree.text, node.value.range, tomlValue(single ? all.version : all));
}

/** `[plugins."@vp/files"]` with a line for each field, or `"@vp/files".version = …`. */
function setFields(tree: TomlTree, key: string, fields: PluginFields): Edited {
  const removed: [number, number][] = [];
  let after = tree.text;
  // From the end of the file to its start, so that earlier places stay where they are.
  const changes: { readonly range: readonly [number, number]; readonly by: string }[] = [];
  const table = tree.tables.find(({ resolvedKey }) => isPath(resolvedKey, ['plugins', key]));
  const added: string[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const found = tree.assignments.find(({ path }) => isPath(path, ['plugins', key, field]));
    if (found === undefined) {
      if (valueAt(tree.values, ['plugins', key, field]) !== undefined) {
        if (isDeepStrictEqual(valueAt(tree.values, ['plugins', key, field]), value)) continue;
        throw form(key, `${field} is spread over several lines or tables`);
      }
      if (value !== undefined) added.push(`${field} = ${tomlValue(value)}`);
    } else if (value === undefined) {
      const range = wholeLines(tree.text, found.node.range);
      removed.push(range);
      changes.push({ range, by: '' });
    } else if (!isDeepStrictEqual(valueAt(tree.values, found.path), value)) {
      changes.push({ range: found.node.value.range, by: tomlValue(value) });
    }
  }
  if (added.length > 0) {
    if (table === undefined) throw form(key, 'it has no table of its own');
    const version = table.body.find(({ key: { keys } }) => isPath(keyNames(keys), ['version']));
    const at = lineEnd(tree.text, (version ?? table.key).range[1]);
    changes.push({ range: [at, at], by: lines(tree, at, added) });
  }
  for (const { range, by } of changes.toSorted((a, b) => b.range[0] - a.range[0]))
    after = splice(after, range, by);
  return { after, removed };
}

function insert(tree: TomlTree, key: string, fields: PluginFields): string {
  const { text, newline } = tree;
  const all = defined(fields);
  const short = Object.keys(all).every((field) => field === 'version');
  const value = tomlValue(short ? all.version : all);
  const root = tree.assignments.find(({ path }) => isPath(path, ['plugins']));
  if (root?.node.value.type === 'TOMLInlineTable') {
    const plugins = { ...Object(valueAt(tree.values, ['plugins'])), [key]: short ? all.version : all };
    return splice(text, root.node.value.range, tomlValue(plugins));
  }
  const dotted = tree.assignments.findLast(
    ({ path, node }) => path[0] === 'plugins' && node.parent.type === 'TOMLTopLevelTable',
  );
  if (dotted !== undefined) {
    const at = lineEnd(text, dotted.node.range[1]);
    return splice(text, [at, at], lines(tree, at, [`plugins.${tomlKey(key)} = ${value}`]));
  }
  const list = tree.tables.find(({ resolvedKey }) => isPath(resolvedKey, ['plugins']));
  const block = [
    `[plugins.${tomlKey(key)}]`,
    ...Object.entries(all).map(([field, each]) => `${tomlKey(field)} = ${tomlValue(each)}`),
  ];
  const last = tree.tables.findLast(({ resolvedKey }) => resolvedKey[0] === 'plugins');
  if (short && list !== undefined) {
    const at = lineEnd(text, lastPart(list));
    return splice(text, [at, at], lines(tree, at, [`${tomlKey(key)} = ${value}`]));
  }
  if (last !== undefined) {
    const at = lineEnd(text, lastPart(last));
    return splice(text, [at, at], lines(tree, at, ['', ...block]));
  }
  const added = short ? ['[plugins]', `${tomlKey(key)} = ${value}`] : block;
  const gap = text.trim() === '' || text.endsWith(`${newline}${newline}`) ? [] : [''];
  return text + lines(tree, text.length, [...gap, ...added]);
}

function remove(tree: TomlTree, key: string): Edited {
  const inline = tree.assignments.find(
    ({ path, inline }) => inline !== undefined && isPath(path, ['plugins', key]),
  )?.inline;
  if (inline !== undefined) {
    const { [key]: _, ...rest } = Object(valueAt(tree.values, ['plugins']));
    return { after: splice(tree.text, inline.range, tomlValue(rest)), removed: [inline.range] };
  }
  const mine = (path: readonly unknown[]) => isPath(path.slice(0, 2), ['plugins', key]);
  const ranges = [
    ...tree.tables
      .filter(({ resolvedKey }) => mine(resolvedKey))
      .map((table) => wholeLines(tree.text, [table.range[0], lastPart(table)])),
    ...tree.assignments
      .filter(({ path, inline: within, node }) => {
        const header = node.parent.type === 'TOMLTable' ? node.parent.resolvedKey : [];
        return within === undefined && mine(path) && !mine(header);
      })
      .map(({ node }) => wholeLines(tree.text, node.range)),
  ];
  let after = tree.text;
  for (const range of ranges.toSorted((a, b) => b[0] - a[0])) {
    const [start, end] = range;
    // Of the blank lines on both sides one is enough.
    const isBlank = (line: string) => line.trim() === '';
    const before = after.slice(0, start);
    const follows = after.slice(end);
    const double =
      isBlank(before.slice(lineStart(before, Math.max(0, before.length - 1)))) &&
      (follows === '' || isBlank(follows.slice(0, lineEnd(follows, 0))));
    const from = double && before !== '' ? lineStart(before, before.length - 1) : start;
    after = after.slice(0, from) + follows;
  }
  return { after, removed: ranges };
}

/** Lines to put at the start of a line; a file's last line may lack its end. */
function lines({ text, newline }: TomlTree, at: number, added: readonly string[]): string {
  const open = at > 0 && !text.slice(0, at).endsWith('\n') ? newline : '';
  return `${open}${added.join(newline)}${newline}`;
}

const lastPart = (table: AST.TOMLTable): number => (table.body.at(-1) ?? table).range[1];

const wholeLines = (text: string, [start, end]: readonly [number, number]): [number, number] => [
  lineStart(text, start),
  lineEnd(text, end),
];

const keyNames = (keys: readonly (AST.TOMLBare | AST.TOMLQuoted)[]) =>
  keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));

const defined = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function valueAt(values: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, key) => (typeof here === 'object' && here !== null ? Reflect.get(here, key) : undefined),
    values,
  );
}

const form = (key: string, why: string) => errors.VP_INSTALL_TOML_FORM({ key, why });

/** Whether the edit did what was meant, and nothing else. */
function check(
  before: TomlTree,
  request: {
    readonly edit: PluginEdit;
    readonly after: string;
    readonly removed: Edited['removed'];
    readonly file: string;
  },
): void {
  const { edit, after, removed, file } = request;
  const now = readToml(after, file);
  const plugins = { ...Object(before.values.plugins) };
  if (edit.fields === undefined) delete plugins[edit.key];
  else {
    const old = plugins[edit.key];
    const all = defined({ ...(typeof old === 'string' ? { version: old } : Object(old)), ...edit.fields });
    plugins[edit.key] = all;
  }
  if (!isDeepStrictEqual(long(now.values), long({ ...before.values, plugins })))
    throw form(edit.key, 'the edit would change more than it should');
  const left = now.comments.map(({ text }) => text);
  for (const comment of before.comments) {
    if (removed.some(([start, end]) => start <= comment.start && comment.end <= end)) continue;
    const index = left.indexOf(comment.text);
    if (index === -1) throw form(edit.key, `the comment "#${comment.text}" would be lost`);
    left.splice(index, 1);
  }
}

/** Values with every plugin in its long form, and without an empty `[plugins]`, as they are the same. */
function long(values: Readonly<Record<string, unknown>>): unknown {
  const { plugins, ...rest } = values;
  const entries = Object.entries(Object(plugins)).map(([key, value]) => [
    key,
    typeof value === 'string' ? { version: value } : value,
  ]);
  return structuredClone({ ...rest, plugins: Object.fromEntries(entries) });
}
