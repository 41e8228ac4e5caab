import { afterAll, describe, test } from 'vitest';
import type { Disposable, Kit } from '../conformance/law.ts';
import { checkConformance, type ReportTarget, writeConformance } from '../conformance/report.ts';
import { conformanceResult, type LawResult, type RunOptions, runLaw } from '../conformance/run.ts';

/** What a kit is run on, and where its report belongs. */
export interface ConformanceOptions<Subject> extends RunOptions<Subject>, ReportTarget {
  /** `false`: no `conformance.json`, for trying out. */
  readonly report?: boolean;
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
  const { id, variant, timeoutMs = 10_000 } = options;
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
    if (options.report === false) return;
    const write = process.env.VP_CONFORMANCE_WRITE === '1';
    const result = () => conformanceResult(kit, results);
    // A run of some laws only (`vitest -t S07`) says nothing about the report.
    const complete = () => results.length === kit.laws.length;
    if (write) afterAll(async () => void (complete() && (await writeConformance(result(), options))));
    else
      test('conformance.json is up to date', () => {
        if (complete()) checkConformance(result(), options);
      });
  });
}
