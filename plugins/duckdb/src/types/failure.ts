import { MARK } from '../native/native-error.ts';
import { quoteText } from '../sql/quote.ts';

/** SQL that fails with a value error which names the column, its type and the value. */
export function failure(column: string, type: string, reason: string, value?: string): string {
  const head = quoteText(['VP', column, type, reason].join(MARK));
  return value === undefined
    ? `error(${head})`
    : `error(${head} || ${quoteText(MARK)} || CAST(${value} AS VARCHAR))`;
}
