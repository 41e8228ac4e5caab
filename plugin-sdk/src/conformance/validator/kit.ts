import type { Kit } from '../law.ts';
import { validatorLaws } from './laws.ts';
import type { ValidatorSubject } from './subject.ts';

/** The laws of `validator@1`. */
export const validatorKit: Kit<ValidatorSubject> = {
  point: 'validator',
  contract: 'validator@1',
  version: '1.1.0',
  laws: validatorLaws,
};
