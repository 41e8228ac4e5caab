import { resolve, sep } from 'node:path';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { placeOf } from './statement.ts';

/** A table that a text names. */
export interface TableName {
  /** Its parts joined by dots, as assets are named. */
  readonly name: string;
  readonly position: number | undefined;
}

/** Table functions that read nothing but what they are given, or DuckDB's own catalog. */
const HARMLESS =
  /^(range|generate_series|unnest|json_each|json_tree|repeat|repeat_row|summary|duckdb_\w+|pragma_\w+|sql_auto_complete|test_all_types|icu_\w+)$/;
const READERS =
  /^(read_(csv|csv_auto|parquet|json|json_auto|ndjson|ndjson_auto|json_objects|json_objects_auto|ndjson_objects|text|blob)|parquet_(scan|metadata|schema|file_metadata|kv_metadata|full_metadata)|sniff_csv|glob)$/;
/** `duckdb_secrets()` would show what it says. */
const HIDDEN = /^(duckdb_secrets|pragma_platform)$/;

/**
 * Takes a text apart before it runs, with DuckDB's own parser: it must be one SELECT-like statement,
 * and may call only table functions that are known to read nothing outside `roots`. Gives the tables
 * that it names.
 */
export async function inspectQuery(
  session: Session,
  text: string,
  roots: readonly string[],
): Promise<readonly TableName[]> {
  const explain = /^\s*explain\s+(?:analyze\s+)?/i.exec(text)?.[0] ?? '';
  const inner = text.slice(explain.length);
  const tree = await parse(session, inner, text, explain.length);
  const tables: TableName[] = [];
  const ctes = new Set<string>();
  const context: Walk = { tables, ctes, roots, text, offset: explain.length };
  walk(tree, context);
  return tables.filter((t) => !ctes.has(t.name.toLowerCase()));
}

interface Walk {
  readonly tables: TableName[];
  readonly ctes: Set<string>;
  readonly roots: readonly string[];
  readonly text: string;
  readonly offset: number;
}

/** A node of DuckDB's syntax tree, as far as it is looked at. */
type Node = {
  readonly [Key in
    | 'catalog_name'
    | 'children'
    | 'cte_map'
    | 'cte_name'
    | 'ctename'
    | 'error'
    | 'error_message'
    | 'error_type'
    | 'function'
    | 'function_name'
    | 'key'
    | 'map'
    | 'position'
    | 'query_location'
    | 'schema_name'
    | 'statements'
    | 'table_name'
    | 'type'
    | 'value']?: unknown;
};

async function parse(session: Session, sql: string, text: string, offset: number): Promise<Node> {
  const statement = await session.prepare('SELECT json_serialize_sql($1::VARCHAR)');
  statement.bindVarchar(1, sql);
  const rows = await (await statement.run()).getRows();
  const answer: unknown = JSON.parse(String(rows[0]?.[0]));
  if (!isNode(answer)) throw errors.VP_DUCKDB_INTERNAL({ reason: 'the parser gave no tree' });
  if (answer.error === true) {
    const reason = String(answer.error_message);
    if (answer.error_type !== 'parser') {
      throw errors.VP_DUCKDB_NOT_A_QUERY({ reason: 'the statement is no SELECT' });
    }
    const position = Number(answer.position);
    const place = Number.isSafeInteger(position) ? placeOf(text, position + offset) : undefined;
    throw errors.VP_DUCKDB_SQL_SYNTAX(
      { reason, excerpt: place?.excerpt ?? '' },
      place === undefined ? {} : { at: { line: place.line, column: place.column } },
    );
  }
  const statements = answer.statements;
  const count = Array.isArray(statements) ? statements.length : 0;
  if (count !== 1) {
    const reason = count === 0 ? 'the text is empty' : `these are ${count} statements`;
    throw errors.VP_DUCKDB_NOT_A_QUERY({ reason });
  }
  return answer;
}

function walk(value: unknown, context: Walk): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, context);
    return;
  }
  if (!isNode(value)) return;
  const map = isNode(value.cte_map) ? value.cte_map.map : undefined;
  if (Array.isArray(map)) {
    for (const entry of map) if (isNode(entry)) context.ctes.add(String(entry.key).toLowerCase());
  }
  // A recursive CTE names itself in its own node.
  if (typeof value.cte_name === 'string') context.ctes.add(value.cte_name.toLowerCase());
  if (typeof value.ctename === 'string') context.ctes.add(value.ctename.toLowerCase());
  if (value.type === 'BASE_TABLE') addTable(value, context);
  if (value.type === 'TABLE_FUNCTION') checkFunction(value, context);
  for (const child of Object.values(value)) walk(child, context);
}

function addTable(node: Node, context: Walk): void {
  const parts = [node.catalog_name, node.schema_name, node.table_name];
  const name = parts.filter((p): p is string => typeof p === 'string' && p !== '').join('.');
  const position = positionOf(node, context);
  if (looksLikeFile(name)) checkPath(name, context, position);
  else context.tables.push({ name, position });
}

function checkFunction(node: Node, context: Walk): void {
  const call = isNode(node.function) ? node.function : {};
  const name = String(call.function_name).toLowerCase();
  const position = positionOf(node, context);
  if (HARMLESS.test(name) && !HIDDEN.test(name)) return;
  if (!READERS.test(name)) throw denied(`the table function ${name}`, context, position);
  const children = Array.isArray(call.children) ? call.children : [];
  const paths = constantsOf(children[0]);
  if (paths === undefined) throw denied(`${name} with a path that is no plain text`, context, position);
  for (const path of paths) checkPath(path, context, position);
}

/** The text of a constant, or of a list of them; `undefined` for anything that is computed. */
function constantsOf(node: unknown): readonly string[] | undefined {
  if (!isNode(node)) return undefined;
  const value = node.value;
  if (node.type === 'VALUE_CONSTANT' && isNode(value)) {
    return typeof value.value === 'string' ? [value.value] : undefined;
  }
  const children = node.children;
  const isList = node.function_name === 'list_value' || node.type === 'ARRAY_CONSTRUCTOR';
  if (!isList || !Array.isArray(children)) return undefined;
  const texts = children.map(constantsOf);
  return texts.some((t) => t === undefined) ? undefined : texts.flatMap((t) => t ?? []);
}

function checkPath(path: string, context: Walk, position: number | undefined): void {
  // As DuckDB itself takes it: from the working directory.
  const absolute = resolve(path);
  const isInside = context.roots.some((r) => absolute === r || absolute.startsWith(r + sep));
  if (!isInside || /^\w+:\/\//.test(path))
    throw denied(`${path}, which is outside the project`, context, position);
}

function looksLikeFile(name: string): boolean {
  return /[/\\]|\.(csv|tsv|json|jsonl|ndjson|parquet|db|duckdb|txt|gz|zst)$|:\/\//i.test(name);
}

function positionOf(node: Node, context: Walk): number | undefined {
  const at = node.query_location;
  // DuckDB's "nowhere" is the largest 64-bit number.
  return typeof at === 'number' && at < 2 ** 53 ? at + context.offset : undefined;
}

function denied(what: string, context: Walk, position: number | undefined) {
  const place = position === undefined ? undefined : placeOf(context.text, position);
  return errors.VP_DUCKDB_ACCESS_DENIED(
    { what, excerpt: place?.excerpt ?? '' },
    place === undefined ? {} : { at: { line: place.line, column: place.column } },
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
