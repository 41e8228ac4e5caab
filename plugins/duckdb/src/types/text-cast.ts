import { formatType, type LogicalType, type TimeUnit } from '@vp/plugin-sdk';
import { quoteText } from '../sql/quote.ts';
import { toDuckType } from './duck-type.ts';
import { failure } from './failure.ts';

/**
 * What DuckDB's cast of text would lose without a word: it rounds `1.5` to an integer, cuts digits of
 * decimals and seconds, drops the time of a date.
 */
export interface TextGuard {
  /** Cheap, and false for ordinary texts. */
  readonly suspicious: string;
  /** For suspicious texts: fails when something would be lost, else true. */
  readonly verdict: string;
}

/** The cast of a text without a guard. */
export function plainCast(x: string, to: LogicalType, column: string): string {
  if (to.kind === 'utf8') return x;
  return to.kind === 'binary' ? `encode(${x})` : `CAST(${x} AS ${toDuckType(to, column)})`;
}

/** Text as a value of `to`; fails when something would be lost. */
export function castText(x: string, to: LogicalType, column: string): string {
  const plain = plainCast(x, to, column);
  const guard = textGuard(x, to, column);
  if (guard === undefined) return plain;
  return `CASE WHEN ${guard.suspicious} AND NOT ${guard.verdict} THEN NULL ELSE ${plain} END`;
}

/**
 * One condition for all columns of a scan: true, or it fails. Far cheaper than a guard around each
 * cast, which would cut every vector in two.
 */
export function guardAll(guards: readonly TextGuard[]): string {
  const any = guards.map((g) => g.suspicious).join(' OR ');
  const all = guards.map((g) => `(CASE WHEN ${g.suspicious} THEN ${g.verdict} ELSE true END)`).join(' AND ');
  return `CASE WHEN ${any} THEN ${all} ELSE true END`;
}

const fractionDigits: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** The guard of a cast; `undefined` for types whose cast loses nothing. */
export function textGuard(x: string, to: LogicalType, column: string): TextGuard | undefined {
  const guard = (suspicious: string, bad: string, reason: string): TextGuard => ({
    suspicious: `(${suspicious})`,
    verdict: `(CASE WHEN ${bad} THEN ${failure(column, formatType(to), reason, x)} ELSE true END)`,
  });
  const hasNegativeExponent = `(contains(${x}, '-') AND (contains(${x}, 'e-') OR contains(${x}, 'E-')))`;
  const isNot = (pattern: string) => `NOT regexp_full_match(${x}, ${quoteText(pattern)})`;
  switch (to.kind) {
    case 'decimal':
      return guard(
        `(instr(${x}, '.') + ${to.scale} < strlen(${x}) AND contains(${x}, '.')) OR ${hasNegativeExponent}`,
        isNot(`\\s*[+-]?\\d*\\.\\d{0,${to.scale}}0*\\s*`),
        `more than ${to.scale} digits after the point, or an exponent.`,
      );
    case 'date':
      return guard(`strlen(${x}) > 10`, `contains(${x}, ':')`, 'it has a time of day.');
    case 'time':
    case 'timestamp': {
      const digits = fractionDigits[to.unit];
      // `2001-01-01 00:00:00` is 19 bytes long.
      const usual = to.kind === 'timestamp' && digits >= 6 ? `strlen(${x}) <> 19 AND ` : '';
      const tooFine = `regexp_matches(${x}, ${quoteText(`\\.\\d{${digits}}\\d*[1-9]`)})`;
      return guard(`${usual}contains(${x}, '.')`, tooFine, `it has digits below 1 ${to.unit}.`);
    }
    default:
      if (!/^u?int\d/.test(to.kind)) return undefined;
      return guard(
        `strlen(${x}) > 1 AND (contains(${x}, '.') OR ${hasNegativeExponent})`,
        isNot('\\s*[+-]?\\d+\\.0*\\s*'),
        'it is no whole number.',
      );
  }
}
