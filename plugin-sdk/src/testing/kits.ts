import { alerterKit } from '../conformance/alerter/kit.ts';
import type { AlerterSubject } from '../conformance/alerter/subject.ts';
import { authKit } from '../conformance/auth/kit.ts';
import type { AuthSubject } from '../conformance/auth/subject.ts';
import { executorKit } from '../conformance/executor/kit.ts';
import type { ExecutorSubject } from '../conformance/executor/subject.ts';
import { sinkKit } from '../conformance/sink/kit.ts';
import type { SinkSubject } from '../conformance/sink/subject.ts';
import { sourceKit } from '../conformance/source/kit.ts';
import type { SourceSubject } from '../conformance/source/subject.ts';
import { transformKit } from '../conformance/transform/kit.ts';
import type { TransformSubject } from '../conformance/transform/subject.ts';
import { validatorKit } from '../conformance/validator/kit.ts';
import type { ValidatorSubject } from '../conformance/validator/subject.ts';
import { type ConformanceOptions, conformance } from './conformance.ts';

/**
 * Proves a source by the laws of `source@1`.
 *
 * @example
 * ```ts
 * import { t, toTableSchema } from '@vp/plugin-sdk';
 * import { sourceConformance } from '@vp/plugin-sdk/testing';
 * import type { Source } from '@vp/plugin-sdk';
 * declare function weatherSource(city: string): Source;
 * sourceConformance({
 *   id: 'weather',
 *   from: import.meta.dirname,
 *   create: () => ({
 *     open: () => weatherSource('Oslo'),
 *     options: { days: 2 },
 *     schema: toTableSchema({ day: t.date(), rain_mm: t.float64().nullable() }),
 *     rows: [{ day: 0, rain_mm: 1.5 }, { day: 1, rain_mm: null }],
 *   }),
 * });
 * ```
 */
export const sourceConformance = (options: ConformanceOptions<SourceSubject>): void =>
  conformance(sourceKit, options);

/**
 * Proves a sink by the laws of `sink@1`.
 *
 * @example
 * ```ts
 * import type { Row, Sink } from '@vp/plugin-sdk';
 * import { sinkConformance } from '@vp/plugin-sdk/testing';
 * declare function tableSink(url: string): Sink;
 * declare function selectAll(url: string): Promise<readonly Row[] | undefined>;
 * sinkConformance({
 *   id: 'table',
 *   from: import.meta.dirname,
 *   create: () => ({
 *     open: () => tableSink('mem:'),
 *     options: { table: 'orders' },
 *     modes: ['replace', 'append'],
 *     readBack: () => selectAll('mem:'),
 *     leftovers: async () => [],
 *   }),
 * });
 * ```
 */
export const sinkConformance = (options: ConformanceOptions<SinkSubject>): void =>
  conformance(sinkKit, options);

/** Proves a transform by the laws of `transform@1`. Used like {@link sourceConformance}. */
export const transformConformance = (options: ConformanceOptions<TransformSubject>): void =>
  conformance(transformKit, options);

/** Proves an alerter by the laws of `alerter@1`. Used like {@link sourceConformance}. */
export const alerterConformance = (options: ConformanceOptions<AlerterSubject>): void =>
  conformance(alerterKit, options);

/** Proves an auth provider by the laws of `auth@1`. Used like {@link sourceConformance}. */
export const authConformance = (options: ConformanceOptions<AuthSubject>): void =>
  conformance(authKit, options);

/** Proves a validator by the laws of `validator@1`. Used like {@link sourceConformance}. */
export const validatorConformance = (options: ConformanceOptions<ValidatorSubject>): void =>
  conformance(validatorKit, options);

/** Proves an executor by the laws of `executor@1`. Used like {@link sourceConformance}. */
export const executorConformance = (options: ConformanceOptions<ExecutorSubject>): void =>
  conformance(executorKit, options);
