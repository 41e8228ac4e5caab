import type { Kit } from '../law.ts';
import { faultLaws } from './fault-laws.ts';
import { transformLaws } from './laws.ts';
import type { TransformSubject } from './subject.ts';

/** The laws of `transform@1`. */
export const transformKit: Kit<TransformSubject> = {
  point: 'transform',
  contract: 'transform@1',
  version: '1.1.0',
  laws: [...transformLaws, ...faultLaws],
};
