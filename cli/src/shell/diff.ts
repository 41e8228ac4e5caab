import { type CallContext, type Engine, formatType, type Json, type TableSchema } from '@vp/contracts';
import { rowObjects, takeRows } from '../ui/rows-view.ts';
import { quoteName } from './sql-text.ts';

export interface SchemaChange {
  readonly column: string;
  readonly change: 'added' | 'removed' | 'type' | 'nullable';
  readonly before?: string;
  readonly after?: string;
}

export interface RowDifference {
  readonly count: number;
  readonly sample: readonly Readonly<Record<string, Json>>[];
}

export interface DataDifference {
  /** Columns that identify a row; none: rows are compared as wholes. */
  readonly key: readonly string[];
  readonly schema: readonly SchemaChange[];
  readonly rows: { readonly before: number; readonly after: number };
  readonly added: RowDifference;
  readonly removed: RowDifference;
  /** Same key, other values: `before` and `after` of each column that differs. Only with a key. */
  readonly changed?: RowDifference;
}

/** A relation and its columns. */
export interface Side {
  readonly relation: string;
  readonly schema: TableSchema;
  readonly rows: number;
}

/** Compares two relations of an engine where they lie: rows come here only as samples. */
export async function diffRelations(request: {
  readonly engine: Engine;
  readonly before: Side;
  readonly after: Side;
  readonly key: readonly string[];
  readonly sampleSize: number;
  readonly context: CallContext;
}): Promise<DataDifference> {
  const { before, after, key, sampleSize } = request;
  const old = new Set(before.schema.fields.map((field) => field.name));
  const common = after.schema.fields.map((field) => field.name).filter((name) => old.has(name));
  const statements = key.length > 0 ? byKey(before, after, key, common) : whole(before, after, common);
  const difference = async (sql: string): Promise<RowDifference> => {
    const count = await single(request, `select count(*) from (${sql}) as d`);
    return {
      count,
      sample: count === 0 ? [] : await sample(request, `select * from (${sql}) as d limit ${sampleSize}`),
    };
  };
  return {
    key,
    schema: schemaChanges(before.schema, after.schema),
    rows: { before: before.rows, after: after.rows },
    added: await difference(statements.added),
    removed: await difference(statements.removed),
    ...(statements.changed === undefined ? {} : { changed: await difference(statements.changed) }),
  };
}

interface Statements {
  readonly added: string;
  readonly removed: string;
  readonly changed?: string;
}

function whole(before: Side, after: Side, common: readonly string[]): Statements {
  const columns = common.map(quoteName).join(', ');
  const of = (side: Side) => `select ${columns} from ${side.relation}`;
  return { added: `${of(after)} except all ${of(before)}`, removed: `${of(before)} except all ${of(after)}` };
}

function byKey(before: Side, after: Side, key: readonly string[], common: readonly string[]): Statements {
  const same = key
    .map((name) => `b.${quoteName(name)} is not distinct from a.${quoteName(name)}`)
    .join(' and ');
  const others = common.filter((name) => !key.includes(name));
  const differs = others
    .map((name) => `b.${quoteName(name)} is distinct from a.${quoteName(name)}`)
    .join(' or ');
  const values = [
    ...key.map((name) => `a.${quoteName(name)}`),
    ...others.flatMap((name) => [
      `b.${quoteName(name)} as ${quoteName(`${name} before`)}`,
      `a.${quoteName(name)} as ${quoteName(`${name} after`)}`,
    ]),
  ].join(', ');
  return {
    added: `select a.* from ${after.relation} as a where not exists (select 1 from ${before.relation} as b where ${same})`,
    removed: `select b.* from ${before.relation} as b where not exists (select 1 from ${after.relation} as a where ${same})`,
    changed: `select ${values} from ${before.relation} as b join ${after.relation} as a on ${same} where ${differs || 'false'}`,
  };
}

async function single(
  request: { readonly engine: Engine; readonly context: CallContext },
  sql: string,
): Promise<number> {
  const { rows } = await takeRows(await request.engine.query({ text: sql }, request.context), 1);
  return Number(rows[0]?.[0] ?? 0);
}

async function sample(
  request: { readonly engine: Engine; readonly context: CallContext; readonly sampleSize: number },
  sql: string,
) {
  const taken = await takeRows(
    await request.engine.query({ text: sql }, request.context),
    request.sampleSize,
  );
  return rowObjects(taken);
}

export function schemaChanges(before: TableSchema, after: TableSchema): readonly SchemaChange[] {
  const old = new Map(before.fields.map((field) => [field.name, field]));
  const now = new Map(after.fields.map((field) => [field.name, field]));
  const changes: SchemaChange[] = [];
  for (const { name: column, type } of before.fields) {
    if (!now.has(column)) changes.push({ column, change: 'removed', before: formatType(type) });
  }
  for (const { name: column, type, nullable } of after.fields) {
    const was = old.get(column);
    const text = formatType(type);
    if (was === undefined) changes.push({ column, change: 'added', after: text });
    else if (formatType(was.type) !== text)
      changes.push({ column, change: 'type', before: formatType(was.type), after: text });
    else if (was.nullable !== nullable) {
      const words = (is: boolean) => (is ? 'may be null' : 'not null');
      changes.push({ column, change: 'nullable', before: words(was.nullable), after: words(nullable) });
    }
  }
  return changes;
}
