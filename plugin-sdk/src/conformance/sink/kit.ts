import type { Kit } from '../law.ts';
import { atomicLaws } from './atomic-laws.ts';
import { dataLaws } from './data-laws.ts';
import { faultLaws } from './fault-laws.ts';
import { sharingLaws } from './sharing-laws.ts';
import type { SinkSubject } from './subject.ts';
import { systemLaws } from './system-laws.ts';

/** The laws of `sink@1`. */
export const sinkKit: Kit<SinkSubject> = {
  point: 'sink',
  contract: 'sink@1',
  version: '1.1.0',
  laws: [...systemLaws, ...dataLaws, ...atomicLaws, ...faultLaws, ...sharingLaws].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  ),
};
