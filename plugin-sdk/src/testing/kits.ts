import { sourceKit } from '../conformance/source/kit.ts';
import type { SourceSubject } from '../conformance/source/subject.ts';
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
