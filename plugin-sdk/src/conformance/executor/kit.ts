import type { Kit } from '../law.ts';
import { controlLaws } from './control-laws.ts';
import { scheduleLaws } from './schedule-laws.ts';
import type { ExecutorSubject } from './subject.ts';

/** The laws of `executor@1`. */
export const executorKit: Kit<ExecutorSubject> = {
  point: 'executor',
  contract: 'executor@1',
  version: '1.1.0',
  laws: [...scheduleLaws, ...controlLaws].sort((a, b) => (a.id < b.id ? -1 : 1)),
};
