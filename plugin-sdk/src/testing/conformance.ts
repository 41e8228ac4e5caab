import { afterAll, describe, test } from 'vitest';
import type { ConformanceDefinition } from '../conformance/definition/define.ts';
import { visitSubjects } from '../conformance/definition/subjects.ts';
import type { Disposable, Kit } from '../conformance/law.ts';
import { checkConformance, hasReport, type ReportTarget, writeConformance } from '../conformance/report.ts';
import { conformanceResult, type LawResult, type RunOptions, runLaw } from '../conformance/run.ts';
import { errors } from '../errors.ts';

/** What a kit is run on, and where its report belongs. */
export interface ConformanceOptions<Subject> extends RunOptions<Subject>, ReportTarget {
  /**
   * `false`: no `conformance.json`, for trying out. `if-present`: it is held against the result where
   * there is one.
   */
  readonly report?: boolean | 'if-present';
}

/**
 * Registers a kit with vitest: one test a law, and one that the committed `conformance.json` is up
 * to date; with `VP_CONFORMANCE_WRITE=1` it is written instead. A law that does not apply passes
 * and stands in the report with its reason.
 *
 * @example
 * ```ts
 * import { conformance } from '@vp/plugin-sdk/testing';
 * import { sourceKit, type SourceSubject } from '@vp/plugin-sdk/conformance';
 * declare function weatherSubject(): Promise<SourceSubject>;
 * conformance(sourceKit, { id: 'weather', from: import.meta.dirname, create: weatherSubject });
 * ```
 */
export function conformance<Subject extends Disposable>(
  kit: Kit<Subject>,
  options: ConformanceOptions<Subject>,
): void {
  const { id, variant, timeoutMs = 10_000, report = true } = options;
  const name = [`${kit.contract} conformance of ${id}`, ...(variant === undefined ? [] : [variant])].join(
    ', ',
  );
  describe(name, () => {
    const results: LawResult[] = [];
    for (const law of kit.laws) {
      // The subject's making has a share of the time: it may start a server.
      test(`${law.id} ${law.title}`, { timeout: 2 * timeoutMs + 20_000 }, async ({ annotate }) => {
        const result = await runLaw(law, options);
        results.push(result);
        if (result.outcome === 'exempt') await annotate(result.reason ?? '', 'does not apply');
        if (result.error !== undefined && law.level === 'must') throw result.error;
        if (result.error !== undefined) await annotate(result.error.message, 'should');
      });
    }
    if (report === false) return;
    const write = process.env.VP_CONFORMANCE_WRITE === '1';
    const result = () => conformanceResult(kit, results);
    // A run of some laws only (`vitest -t S07`) says nothing about the report.
    const complete = () => results.length === kit.laws.length;
    if (write) afterAll(async () => void (complete() && (await writeConformance(result(), options))));
    else
      test('conformance.json is up to date', ({ skip }) => {
        if (report === 'if-present' && !hasReport(options))
          skip('there is none yet: vp plugins conformance writes it');
        if (complete()) checkConformance(result(), options);
      });
  });
}

/**
 * Registers every kit that a package's subjects ask for with vitest, as {@link conformance} does, and
 * the subjects' shared disposal after them. One line of test for what `vp plugins conformance` runs too.
 *
 * @example
 * ```ts
 * import { defineConformance } from '@vp/plugin-sdk/conformance';
 * import { conformanceTests } from '@vp/plugin-sdk/testing';
 * const subjects = defineConformance({ alerters: {} }); // `import subjects from './conformance.ts'`
 * conformanceTests(subjects, { from: import.meta.dirname });
 * ```
 */
export function conformanceTests(
  definition: ConformanceDefinition,
  options: Pick<ConformanceOptions<never>, 'from' | 'report'>,
): void {
  const { from, report = 'if-present' } = options;
  let count = 0;
  visitSubjects(definition, ({ kit, id, variant, maker }) => {
    count += 1;
    const create = () => maker.create();
    const { timeoutMs } = maker;
    conformance(kit, {
      create,
      id,
      from,
      report,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(variant === undefined ? {} : { variant }),
    });
  });
  if (count === 0) throw errors.VP_SDK_NO_SUBJECTS({ file: from, problem: 'has no subject to test' });
  afterAll(() => definition.dispose?.());
}
