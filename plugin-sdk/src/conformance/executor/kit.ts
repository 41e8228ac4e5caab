import type { Kit } from '../law.ts';
import { executorLaws } from './laws.ts';
import type { ExecutorSubject } from './subject.ts';

/** The laws of `executor@1`. */
export const executorKit: Kit<ExecutorSubject> = {
  point: 'executor',
  contract: 'executor@1',
  version: '1.0.0',
  laws: executorLaws,
};
