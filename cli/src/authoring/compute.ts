import {
  type AssetInput,
  type AssetSpec,
  type Compute,
  hasBrand,
  type PartitionsSpec,
  type SqlText,
} from '@vp/contracts';
import type { LooseOptions } from './asset.ts';
import { normaliseCode, sqlVersion } from './code-version.ts';
import { errors } from './errors.ts';
import { isInput, splitInput, toAssetInput } from './inputs.ts';
import type { SourceUse } from './source.ts';
import { compileSql, type Sql } from './sql.ts';
import { checkName, describeValue, isRecord } from './validate.ts';

/** How an asset comes to be, in the plain form of the contracts. */
export interface Computed {
  readonly compute: Compute;
  readonly inputs: readonly AssetInput[];
  readonly upstream: readonly AssetSpec[];
  readonly materialize: AssetSpec['materialize'];
  readonly codeVersion: string;
  /** Where TypeScript computes it. */
  readonly fn?: object;
}

interface Request {
  readonly call: string;
  readonly options: LooseOptions;
  readonly hasSchema: boolean;
}

const ways = ['source', 'sql', 'rows', 'batches', 'task'] as const;
/** Which of `from`, `inputs` and `schema` each way takes. */
const companions: Readonly<Record<(typeof ways)[number], readonly string[]>> = {
  source: ['schema'],
  sql: ['schema'],
  rows: ['schema', 'from'],
  batches: ['schema', 'inputs'],
  task: ['inputs'],
};

export function compute(request: Request): Computed {
  const { call, options } = request;
  const given = ways.filter((way) => options[way] !== undefined);
  const way = given[0];
  if (way === undefined) throw errors.VP_AUTHORING_COMPUTE_MISSING({ call });
  if (given.length > 1) throw errors.VP_AUTHORING_COMPUTE_AMBIGUOUS({ call, keys: given.join(', ') });
  for (const option of ['from', 'inputs', 'schema', 'key', 'checks'] as const) {
    if (options[option] === undefined || companions[way].includes(option)) continue;
    if ((option === 'key' || option === 'checks') && way !== 'task') continue;
    throw errors.VP_AUTHORING_OPTION_MISPLACED({ call, option, why: misplaced(way) });
  }
  switch (way) {
    case 'source':
      return fromSource(call, options.source);
    case 'sql':
      return fromSql(request);
    case 'rows':
      return fromRows(request);
    case 'batches':
      needSchema(request);
      return fromCode('batches', request);
    case 'task':
      return fromCode('task', request);
  }
}

function misplaced(way: (typeof ways)[number]): string {
  if (way === 'sql') return 'a SQL asset reads what stands in the holes of its text';
  if (way === 'source') return 'an asset with a source reads no other asset';
  if (way === 'task') return 'a task has no table';
  return way === 'rows' ? 'rows reads the one asset in "from"' : 'batches reads the assets in "inputs"';
}

function fromSource(call: string, value: unknown): Computed {
  if (!hasBrand(value, '@vp/source-use'))
    throw invalid(call, 'source', 'made by source("<id>", { … })', value);
  const { use, connection, options } = value as SourceUse;
  return {
    compute: { kind: 'source', use, ...(connection === undefined ? {} : { connection }), options },
    inputs: [],
    upstream: [],
    materialize: 'table',
    codeVersion: 'source',
  };
}

function fromSql({ call, options }: Request): Computed {
  if (!hasBrand(options.sql, '@vp/sql')) throw invalid(call, 'sql', 'a sql`…` template', options.sql);
  const { text, inputs, upstream } = compileSql(options.sql as Sql);
  checkPartitionParts(call, text, options.partitions as PartitionsSpec | undefined);
  return {
    compute: { kind: 'sql', sql: text },
    inputs,
    upstream,
    materialize: 'table',
    codeVersion: sqlVersion(text),
  };
}

function checkPartitionParts(call: string, sql: SqlText, partitions: PartitionsSpec | undefined): void {
  const dimensions = partitions?.dimensions ?? [];
  for (const part of sql.parts) {
    if (part.kind !== 'partition') continue;
    const bound =
      part.dimension === undefined
        ? `partition.${part.bound}`
        : `partition.of("${part.dimension}").${part.bound}`;
    const fail = (why: string) => errors.VP_AUTHORING_PARTITION_MISSING({ call, bound, why });
    if (dimensions.length === 0) throw fail('it has no partitions');
    const fitting = dimensions.filter(
      (d) => (part.dimension ?? d.name) === d.name && (part.bound === 'key' || d.kind === 'time'),
    );
    const names = dimensions.map((d) => `"${d.name}" (${d.kind})`).join(', ');
    if (fitting.length === 0) throw fail(`its dimensions are ${names}`);
    if (fitting.length > 1) throw fail(`it has several dimensions that could be meant: ${names}`);
  }
}

function fromRows(request: Request): Computed {
  const { call, options } = request;
  if (options.from === undefined) {
    throw errors.VP_AUTHORING_OPTION_MISSING({
      call,
      option: 'from',
      why: 'rows computes from the rows of one asset',
      example: 'from: <an asset>',
    });
  }
  if (!isInput(options.from)) throw invalid(call, 'from', 'an asset', options.from);
  needSchema(request);
  const { asset } = splitInput(options.from);
  const inputs = [toAssetInput(options.from, asset.name.replaceAll('.', '_'))];
  return { ...code(call, 'rows', options.rows), inputs, upstream: [asset] };
}

function fromCode(mode: 'batches' | 'task', { call, options }: Request): Computed {
  const { inputs = {} } = options;
  if (!isRecord(inputs)) throw invalid(call, 'inputs', 'an object of assets', inputs);
  const specs: AssetInput[] = [];
  const upstream: AssetSpec[] = [];
  for (const [as, input] of Object.entries(inputs)) {
    if (!/^[A-Za-z_]\w*$/.test(as)) checkName(`${call}: inputs`, as);
    if (!isInput(input)) throw invalid(call, `inputs.${as}`, 'an asset', input);
    specs.push(toAssetInput(input, as));
    upstream.push(splitInput(input).asset);
  }
  return { ...code(call, mode, options[mode]), inputs: specs, upstream };
}

function code(
  call: string,
  mode: 'rows' | 'batches' | 'task',
  fn: unknown,
): Omit<Computed, 'inputs' | 'upstream'> {
  if (typeof fn !== 'function') throw invalid(call, mode, 'a function', fn);
  return {
    compute: { kind: 'transform', use: 'ts', options: {}, code: { mode, fn } },
    materialize: mode === 'task' ? 'none' : 'table',
    codeVersion: normaliseCode(String(fn)),
    fn,
  };
}

function needSchema({ call, hasSchema }: Request): void {
  if (hasSchema) return;
  throw errors.VP_AUTHORING_OPTION_MISSING({
    call,
    option: 'schema',
    why: 'the columns that a TypeScript function gives must be declared',
    example: 'schema: { id: t.int64(), … }',
  });
}

const invalid = (call: string, option: string, expected: string, value: unknown) =>
  errors.VP_AUTHORING_OPTION_INVALID({ call, option, expected, got: describeValue(value) });
