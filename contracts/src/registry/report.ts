import * as z from 'zod';

const law = z.strictObject({
  id: z.string(),
  title: z.string(),
  level: z.enum(['must', 'should']),
  outcome: z.enum(['passed', 'failed', 'exempt']),
  reason: z.string().optional(),
});

const contribution = z.strictObject({
  point: z.string(),
  id: z.string(),
  /** What of it was under test, where there are several: `csv`, `parquet`. */
  variant: z.string().optional(),
  contract: z.string(),
  /** Version of the kit. */
  kit: z.string(),
  laws: z.array(law),
});

/** `conformance.json` of a package: what the kits found of its contributions. Plain, sorted, without times. */
export const conformanceReportSchema = z.strictObject({
  plugin: z.string(),
  version: z.string(),
  /**
   * {@link treeHash} of the package as it is packed, without `conformance.json` and
   * `conformance.svg`: which code was tested. `vp plugins conformance` sets it; a registry gives no
   * badge to a package that it does not fit. Reports that are committed with sources leave it out.
   */
  digest: z.string().optional(),
  contributions: z.array(contribution),
});

export type ConformanceReport = z.infer<typeof conformanceReportSchema>;

/** Files of a package that {@link ConformanceReport.digest} does not cover. */
export const reportFiles = ['conformance.json', 'conformance.svg'] as const;

/** A published version's badge: a report that the registry found to fit the package, in numbers. */
export const badgeSchema = z.strictObject({
  /** `full`: no law is broken. `core`: no `must` law is. */
  level: z.enum(['full', 'core']),
  passed: z.int(),
  failed: z.int(),
  exempt: z.int(),
  /** `source files`, `sink csv`: the contributions with a report. */
  contributions: z.array(z.string()),
});

export type Badge = z.infer<typeof badgeSchema>;

/** The badge that a report deserves; none when a `must` law is broken or nothing was tested. */
export function badgeOf(report: ConformanceReport): Badge | undefined {
  const laws = report.contributions.flatMap((each) => each.laws);
  const count = (outcome: string) => laws.filter((each) => each.outcome === outcome).length;
  if (count('passed') === 0) return undefined;
  if (laws.some((each) => each.outcome === 'failed' && each.level === 'must')) return undefined;
  const names = report.contributions.map(({ point, id }) => `${point} ${id}`);
  return {
    level: count('failed') === 0 ? 'full' : 'core',
    passed: count('passed'),
    failed: count('failed'),
    exempt: count('exempt'),
    contributions: [...new Set(names)].toSorted(),
  };
}
