import type { Kit } from '../law.ts';
import { controlLaws } from './control-laws.ts';
import { dataLaws } from './data-laws.ts';
import { faultLaws } from './fault-laws.ts';
import { sharingLaws } from './sharing-laws.ts';
import { stateLaws } from './state-laws.ts';
import type { SourceSubject } from './subject.ts';
import { systemLaws } from './system-laws.ts';

/** The laws of `source@1`. */
export const sourceKit: Kit<SourceSubject> = {
  point: 'source',
  contract: 'source@1',
  version: '1.1.0',
  laws: [...systemLaws, ...dataLaws, ...stateLaws, ...controlLaws, ...faultLaws, ...sharingLaws].sort(
    (a, b) => (a.id < b.id ? -1 : 1),
  ),
};
