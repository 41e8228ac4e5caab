import type { Kit } from '../law.ts';
import { authLaws } from './laws.ts';
import { memoryLaws } from './memory-laws.ts';
import type { AuthSubject } from './subject.ts';

/** The laws of `auth@1`. */
export const authKit: Kit<AuthSubject> = {
  point: 'auth',
  contract: 'auth@1',
  version: '1.1.0',
  laws: [...authLaws, ...memoryLaws],
};
