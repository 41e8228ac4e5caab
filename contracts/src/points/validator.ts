import type { CheckResult, CheckSpec } from '../assets/check-spec.ts';
import type { AssetTarget } from '../assets/snapshot.ts';
import type { JsonSchema } from '../core/json.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { TableSchema } from '../types/logical-type.ts';
import type { CallContext } from './call.ts';
import type { QueryResult } from './engine.ts';

/** A rule that a validator knows. Stands in the manifest too, so that typos are found without running it. */
export interface RuleInfo {
  readonly id: string;
  readonly description: string;
  /** How many columns it takes: `one`, `many` (one or more), `none` (the whole table). */
  readonly columns: 'one' | 'many' | 'none';
  /**
   * The options of a check by this rule. An object schema that does not speak of further keys is
   * closed: a key that it does not list is refused as a typo. Without `properties` the rule takes no
   * options.
   */
  readonly options: JsonSchema;
}

/** The data to be checked: a staged snapshot that nobody else sees yet. */
export interface ValidationTarget extends AssetTarget {
  readonly schema: TableSchema;
  /** SQL text that can stand after FROM in `query`. */
  readonly relation: string;
  /** Relations of other assets that checks may refer to (foreign keys), by asset name. */
  readonly related: Readonly<Record<string, string>>;
  /** SQL dialect of `query`: contribution id of the engine. */
  readonly dialect: string;
  query(sql: string): Promise<QueryResult>;
}

/** Checks data against rules. All checks of an asset come in one call, so that one scan can do them. */
export interface Validator {
  rules(): readonly RuleInfo[];
  /** One result per check, in the order of `checks`. A check that cannot be evaluated has status `error`. */
  validate(
    request: {
      readonly target: ValidationTarget;
      readonly checks: readonly CheckSpec[];
      /** Failing rows to show for each check. */
      readonly sampleSize: number;
    },
    context: CallContext,
  ): Promise<readonly CheckResult[]>;
}

/** Extension point `validator@1`. */
export const validatorPoint = createExtensionPoint<Validator>({ id: 'validator', major: 1 });
