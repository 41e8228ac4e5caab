import type { SourceLocation } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';

/** What a failed check means. `error` keeps the snapshot from being published; `warn` is reported. */
export type CheckSeverity = 'error' | 'warn';

/** A rule on an asset's data. Which rules there are, and their options, is up to the validators. */
export interface CheckSpec {
  /** Unique within the asset: the rule and its columns unless the author names it. */
  readonly name: string;
  /** Contribution id of the validator; the only one installed that has the rule when left out. */
  readonly validator?: string;
  readonly rule: string;
  readonly columns: readonly string[];
  readonly options: JsonObject;
  readonly severity: CheckSeverity;
  /** SQL condition: only rows for which it is true are looked at. */
  readonly where?: string;
  /** Part of the rows, 0 to 1, that may fail before the check does. */
  readonly tolerance?: number;
  readonly description?: string;
  readonly origin?: SourceLocation;
}

/** What a check found. */
export interface CheckResult {
  readonly check: string;
  readonly rule: string;
  readonly columns: readonly string[];
  readonly severity: CheckSeverity;
  readonly status: 'passed' | 'failed' | 'error';
  /** Rows looked at. */
  readonly rows: number;
  /** Rows that break the rule; for rules on the whole table 0 or 1. */
  readonly failures: number;
  /** The measured value, for rules that compare one (`row_count`, `mean`). */
  readonly observed?: string | number | null;
  /** What was expected, in words. */
  readonly expected?: string;
  /** Some failing rows as JSON, at most as many as the deployment allows; columns tagged `pii` masked. */
  readonly sample?: readonly JsonObject[];
  readonly message: string;
}
