import {
  type AssetSpec,
  type CheckSpec,
  didYouMean,
  isVpError,
  type SourceLocation,
  suggest,
  withErrorContext,
} from '@vp/contracts';
import { buildAsset } from '../authoring/asset.ts';
import { check } from '../authoring/check.ts';
import { daily, hourly, monthly, weekly, yearly } from '../authoring/partitions.ts';
import { partition, type Sql, type SqlHole } from '../authoring/sql.ts';
import { errors } from './errors.ts';
import type { PipelineFile } from './pipeline-files.ts';

/** Keys of the front matter. `check` may stand several times. */
const keys = [
  'name',
  'description',
  'owner',
  'tags',
  'engine',
  'check',
  'partitions',
  'retries',
  'timeout',
  'resource',
  'version',
] as const;

interface Entry {
  readonly key: (typeof keys)[number];
  readonly value: string;
  readonly line: number;
}

/**
 * The asset of a `.sql` file: leading `-- key: value` lines, then a query whose `${asset}` holes name
 * its inputs. The name is the file's path: `assets/shop/daily.sql` is `shop.daily`.
 */
export function sqlFileAsset(file: PipelineFile): AssetSpec {
  const at = { file: file.name, line: 1 };
  try {
    const entries = frontMatter(file);
    const one = (key: Entry['key']): string | undefined => entries.find((entry) => entry.key === key)?.value;
    const name = one('name') ?? file.assetName;
    const retries = one('retries');
    const spec = buildAsset(
      name,
      {
        sql: template(file),
        description: one('description'),
        owner: one('owner'),
        tags: one('tags')
          ?.split(',')
          .map((tag) => tag.trim()),
        engine: one('engine'),
        partitions: one('partitions') === undefined ? undefined : partitions(file, entries),
        retries: retries === undefined ? undefined : Number(retries),
        timeout: one('timeout'),
        resource: one('resource'),
        version: one('version'),
      },
      at,
    );
    // Copied without the hidden upstream: inputs are found by name.
    return {
      ...spec,
      inputs: spec.inputs.map((input) => ({ ...input, origin: holeOf(file, input.asset) ?? at })),
      checks: entries.filter(({ key }) => key === 'check').map((entry) => checkOf(file, entry)),
    };
  } catch (error) {
    if (!isVpError(error)) throw error;
    throw withErrorContext(error, { at }, error);
  }
}

const fault = (file: PipelineFile, line: number, reason: string, hint = '') =>
  errors.VP_PROJECT_SQL_FILE({ file: file.name, reason, hint }, { at: { file: file.name, line } });

function frontMatter(file: PipelineFile): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [index, text] of file.text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (text.trim() === '') continue;
    if (!text.startsWith('--')) break;
    const match = /^--\s*([A-Za-z_]+)\s*:\s*(.*?)\s*$/.exec(text);
    if (match === null) continue;
    const [, word = '', value = ''] = match;
    const key = keys.find((known) => known === word);
    if (key === undefined) {
      // Other words are ordinary comments, unless they look like a key gone wrong.
      if (suggest(word, keys) === undefined) continue;
      throw fault(file, index + 1, `"${word}" is no key of the front matter`, didYouMean(word, keys));
    }
    if (value === '') throw fault(file, index + 1, `"${key}" has no value`);
    if (key !== 'check' && entries.some((entry) => entry.key === key)) {
      throw fault(file, index + 1, `"${key}" stands twice`);
    }
    entries.push({ key, value, line: index + 1 });
  }
  return entries;
}

const grains = { hourly, daily, weekly, monthly, yearly } as const;

/** `daily 2001-01-01` or `daily 2001-01-01 2001-04-01 Europe/Paris`. */
function partitions(file: PipelineFile, entries: readonly Entry[]) {
  const entry = entries.find(({ key }) => key === 'partitions');
  const [grain = '', start, ...rest] = entry?.value.split(/\s+/) ?? [];
  const make = Object.entries(grains).find(([name]) => name === grain)?.[1];
  if (make === undefined || start === undefined || rest.length > 2) {
    const hint = `Write for example: -- partitions: daily 2026-01-01. ${didYouMean(grain, Object.keys(grains))}`;
    throw fault(file, entry?.line ?? 1, `"${entry?.value}" describes no partitions`, hint);
  }
  const timezone = rest.find((word) => /[A-Za-z]\w*\/|^UTC$/.test(word));
  const end = rest.find((word) => word !== timezone);
  return make({
    start,
    ...(end === undefined ? {} : { end }),
    ...(timezone === undefined ? {} : { timezone }),
  });
}

/** `between(delay) min=-60 max=1000 warn`: rule, columns, options, and `warn` for the severity. */
function checkOf(file: PipelineFile, entry: Entry): CheckSpec {
  const match = /^([a-z][a-z0-9_]*)\s*\(([^)]*)\)((?:\s+(?:\w+=(?:"[^"]*"|\S+)|warn))*)$/.exec(entry.value);
  if (match === null) {
    const hint = 'Write for example: -- check: between(delay) min=-60 max=1000 warn';
    throw fault(file, entry.line, `"${entry.value}" is no check`, hint);
  }
  const [, rule = '', list = '', tail = ''] = match;
  const columns = list.split(',').map((column) => column.trim());
  const options: Record<string, unknown> = {};
  for (const [, option = '', quoted, bare = ''] of tail.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)) {
    options[option] = quoted ?? scalar(bare);
  }
  const { where, ...others } = options;
  let built = check.rule(rule, { columns: columns.filter((column) => column !== ''), options: others });
  if (typeof where === 'string') built = built.where(where);
  if (/(^|\s)warn(\s|$)/.test(tail.replace(/"[^"]*"/g, ''))) built = built.warn();
  const name = `${rule}(${built.spec.columns.join(', ')})${typeof where === 'string' ? ` where ${where}` : ''}`;
  return { ...built.spec, name, origin: { file: file.name, line: entry.line } };
}

function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

const holePattern = /\$\{\s*([^}]*?)\s*\}/g;

function template(file: PipelineFile): Sql {
  const strings: string[] = [];
  const holes: SqlHole[] = [];
  let end = 0;
  for (const match of file.text.matchAll(holePattern)) {
    strings.push(file.text.slice(end, match.index));
    end = match.index + match[0].length;
    holes.push(hole(file, match[1] ?? '', file.text.slice(0, match.index).split('\n').length));
  }
  strings.push(file.text.slice(end));
  return { $$type: '@vp/sql', version: 'v1', strings, holes };
}

/** The first hole that names an asset. */
function holeOf(file: PipelineFile, asset: string): SourceLocation | undefined {
  for (const match of file.text.matchAll(holePattern)) {
    if (match[1] !== asset) continue;
    const lines = file.text.slice(0, match.index).split('\n');
    return { file: file.name, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
  return undefined;
}

function hole(file: PipelineFile, text: string, line: number): SqlHole {
  const bound = /^partition\.(?:([a-z]\w*)\.)?(start|end|key)$/.exec(text);
  if (bound !== null) {
    const [, dimension, name] = bound;
    const bounds = dimension === undefined ? partition : partition.of(dimension);
    return bounds[name === 'start' || name === 'end' ? name : 'key'];
  }
  if (/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/.test(text)) return reference(text);
  const example = (name: string): string => `\${${name}}`;
  const hint = `A hole names an asset, ${example('orders')}, or a bound: ${example('partition.start')}, .end or .key.`;
  throw fault(file, line, `the hole \${${text}} names no asset`, hint);
}

/** Stands for an asset that is known by its name only. */
function reference(name: string): AssetSpec {
  return {
    $$type: '@vp/asset',
    version: 'v1',
    name,
    inputs: [],
    compute: { kind: 'transform', use: 'reference', options: {} },
    materialize: 'table',
    checks: [],
    codeVersion: '',
  };
}
