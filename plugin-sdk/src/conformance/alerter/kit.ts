import type { Kit } from '../law.ts';
import { alerterLaws } from './laws.ts';
import type { AlerterSubject } from './subject.ts';

/** The laws of `alerter@1`. */
export const alerterKit: Kit<AlerterSubject> = {
  point: 'alerter',
  contract: 'alerter@1',
  version: '1.1.0',
  laws: alerterLaws,
};
