import type { DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api';
import type { Json, PartitionBounds, SqlText } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Native } from '../native/load.ts';
import { quoteName, quoteText } from './quote.ts';

/** A SQL text ready to run, that still knows what the author wrote. */
export interface RenderedSql {
  readonly text: string;
  readonly parameters: readonly (string | number | boolean | null)[];
  /** The author's text, with `${name}` where the parts stand. */
  readonly source: string;
  /** The offset in `source` of an offset in `text`, in bytes of UTF-8 as DuckDB counts. */
  toSource(position: number): number;
}

export function plainSql(text: string): RenderedSql {
  return { text, parameters: [], source: text, toSource: (position) => position };
}

/** What excerpts show where a value stands. */
const HOLE = `\${…}`;

/** Fills the parts of a SQL text in. `relations`: by the input's `as` name, what stands after FROM. */
export function renderSql(options: {
  readonly sql: SqlText;
  readonly relations: Readonly<Record<string, string>>;
  readonly partition?: Readonly<Record<string, PartitionBounds>>;
}): RenderedSql {
  const { sql, relations, partition = {} } = options;
  const parameters: (string | number | boolean | null)[] = [];
  const segments: { readonly at: number; readonly from: number; readonly isPart: boolean }[] = [];
  let text = '';
  let source = '';
  let [at, from] = [0, 0];
  const add = (rendered: string, written: string, isPart: boolean) => {
    segments.push({ at, from, isPart });
    text += rendered;
    source += written;
    at += Buffer.byteLength(rendered);
    from += Buffer.byteLength(written);
  };
  const bind = (value: Json): string => {
    if (typeof value !== 'object' || value === null) return `$${parameters.push(value)}`;
    if (isArray(value)) return `[${value.map(bind).join(', ')}]`;
    return `{${Object.entries(value)
      .map(([k, v]) => `${quoteText(k)}: ${bind(v)}`)
      .join(', ')}}`;
  };
  for (const [index, literal] of sql.strings.entries()) {
    add(literal, literal, false);
    const part = sql.parts[index];
    if (part === undefined) continue;
    switch (part.kind) {
      case 'input': {
        const relation = relations[part.as];
        if (relation === undefined) {
          throw errors.VP_DUCKDB_INPUT_UNKNOWN({
            what: 'input',
            name: part.as,
            known: Object.keys(relations),
          });
        }
        add(relation, `\${${part.as}}`, true);
        break;
      }
      case 'column':
        add(quoteName(part.name), `\${${part.name}}`, true);
        break;
      case 'value':
        add(bind(part.value), HOLE, true);
        break;
      case 'partition': {
        const bounds = pickBounds(partition, part.dimension);
        add(
          part.bound === 'key' ? bind(bounds.key) : timestamp(bounds, part.bound),
          `\${${part.bound}}`,
          true,
        );
      }
    }
  }
  const toSource = (position: number): number => {
    const segment = segments.findLast((s) => s.at <= position);
    if (segment === undefined) return position;
    return segment.from + (segment.isPart ? 0 : position - segment.at);
  };
  return { text, parameters, source, toSource };
}

function pickBounds(
  partition: Readonly<Record<string, PartitionBounds>>,
  dimension: string | undefined,
): PartitionBounds {
  const known = Object.keys(partition);
  const name = dimension ?? known[0];
  const bounds = name === undefined ? undefined : partition[name];
  if (bounds !== undefined) return bounds;
  throw errors.VP_DUCKDB_INPUT_UNKNOWN({ what: 'partition dimension', name: name ?? '(none)', known });
}

function timestamp(bounds: PartitionBounds, bound: 'start' | 'end'): string {
  const iso = bounds[bound];
  const date = new Date(
    iso === undefined ? Number.NaN : /[zZ]|[+-]\d\d:?\d\d$|^\d{4}-\d\d-\d\d$/.test(iso) ? iso : `${iso}Z`,
  );
  if (Number.isNaN(date.getTime())) {
    throw errors.VP_DUCKDB_INPUT_UNKNOWN({
      what: 'partition bound',
      name: `${bound} of ${bounds.key}`,
      known: [],
    });
  }
  return `TIMESTAMP ${quoteText(date.toISOString().replace('T', ' ').replace('Z', ''))}`;
}

/** Binds parameters with the types that their literals would have in SQL. */
export function bindAll(native: Native, statement: DuckDBPreparedStatement, rendered: RenderedSql): void {
  for (const [index, value] of rendered.parameters.entries()) {
    if (value === null) statement.bindNull(index + 1);
    else if (typeof value !== 'number') statement.bindValue(index + 1, value);
    else if (!Number.isSafeInteger(value)) statement.bindValue(index + 1, fraction(native, value));
    else if (Math.abs(value) < 2 ** 31) statement.bindInteger(index + 1, value);
    else statement.bindBigInt(index + 1, BigInt(value));
  }
}

function fraction({ driver }: Native, value: number): DuckDBValue {
  const match = /^-?(\d+)\.(\d+)$/.exec(String(value));
  const [, whole = '', decimals = ''] = match ?? [];
  const width = whole.length + decimals.length;
  if (match === null || width > 18) return value;
  return new driver.DuckDBDecimalValue(BigInt(String(value).replace('.', '')), width, decimals.length);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
