import type { CheckSpec, ValidationTarget, Validator } from '@vp/contracts';
import type { Disposable } from '../law.ts';

/** A check and what it must find in the subject's data. */
export interface ValidatorCase {
  readonly check: CheckSpec;
  readonly status: 'passed' | 'failed';
  /** Rows that break the rule; not compared when left out. */
  readonly failures?: number;
  /** Rows looked at; not compared when left out. */
  readonly rows?: number;
}

/** A validator under test, with data of which is known what is wrong with it. */
export interface ValidatorSubject extends Disposable {
  open(): Validator | Promise<Validator>;
  /** The data, in an engine that the validator can query. */
  target(): ValidationTarget | Promise<ValidationTarget>;
  /** At least three, of which one passes and one on a column fails with at least two failing rows. */
  readonly cases: readonly ValidatorCase[];
}
