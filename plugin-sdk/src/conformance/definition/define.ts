import { type Branded, hasBrand } from '@vp/contracts';
import type { AlerterSubject } from '../alerter/subject.ts';
import type { AuthSubject } from '../auth/subject.ts';
import type { ExecutorSubject } from '../executor/subject.ts';
import type { SinkSubject } from '../sink/subject.ts';
import type { SourceSubject } from '../source/subject.ts';
import type { TransformSubject } from '../transform/subject.ts';
import type { ValidatorSubject } from '../validator/subject.ts';

/** How the subjects of one contribution are made. */
export interface SubjectMaker<Subject> {
  /** Makes a subject that no other law has touched. */
  create(): Subject | Promise<Subject>;
  /** Milliseconds for one law, the making of its subject not counted; 10,000 when left out. */
  readonly timeoutMs?: number;
}

/** One subject, or several of one contribution that are proved one by one: `csv`, `parquet`. */
export type SubjectEntry<Subject> =
  | SubjectMaker<Subject>
  | { readonly variants: Readonly<Record<string, SubjectMaker<Subject>>> };

/** What a package's contributions are proved on, by their ids in the manifest. */
export interface ConformanceSubjects {
  readonly sources?: Readonly<Record<string, SubjectEntry<SourceSubject>>>;
  readonly sinks?: Readonly<Record<string, SubjectEntry<SinkSubject>>>;
  readonly transforms?: Readonly<Record<string, SubjectEntry<TransformSubject>>>;
  readonly validators?: Readonly<Record<string, SubjectEntry<ValidatorSubject>>>;
  readonly alerters?: Readonly<Record<string, SubjectEntry<AlerterSubject>>>;
  readonly auth?: Readonly<Record<string, SubjectEntry<AuthSubject>>>;
  readonly executors?: Readonly<Record<string, SubjectEntry<ExecutorSubject>>>;
  /** Lets go of what the subjects share, when all laws have run. */
  dispose?(): Promise<void>;
}

/** A package's subjects: the default export of its `conformance.ts`. */
export interface ConformanceDefinition extends ConformanceSubjects, Branded<'@vp/conformance', 'v1'> {}

/**
 * Says what a package's contributions are proved on. The default export of `conformance.ts`, at the
 * package's root or in `src`: `vp plugins conformance` runs the kits on it, and so does
 * `conformanceTests` in the package's own tests.
 *
 * @example
 * ```ts
 * import { t, toTableSchema, type Source } from '@vp/plugin-sdk';
 * import { defineConformance } from '@vp/plugin-sdk/conformance';
 * declare function weatherSource(config: { readonly city: string }): Source;
 * export default defineConformance({
 *   sources: {
 *     weather: {
 *       create: () => ({
 *         open: () => weatherSource({ city: 'Oslo' }),
 *         openBroken: () => weatherSource({ city: '' }),
 *         options: {},
 *         schema: toTableSchema({ day: t.date(), rain_mm: t.float64().nullable() }),
 *         rows: [{ day: 0, rain_mm: 1.5 }, { day: 1, rain_mm: null }],
 *       }),
 *     },
 *   },
 * });
 * ```
 */
export function defineConformance(subjects: ConformanceSubjects): ConformanceDefinition {
  return { $$type: '@vp/conformance', version: 'v1', ...subjects };
}

/** Whether a module's default export is a {@link ConformanceDefinition}, of whichever copy of the SDK. */
export const isConformanceDefinition = (value: unknown): value is ConformanceDefinition =>
  hasBrand(value, '@vp/conformance', 'v1');
