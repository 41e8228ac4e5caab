import {
  type Badge,
  badgeOf,
  badgeSvg,
  type ConformanceReport,
  conformanceReportSchema,
} from '@vp/contracts/registry';
import type { PackageFacts } from './package-facts.ts';
import { digestOf, type PackedFile, packedFile } from './packed-files.ts';

/** What the package's report comes to. */
export interface ReportState {
  readonly badge?: Badge;
  /** Why there will be no badge. */
  readonly reason?: string;
}

/** Whether the report among the files is about this package and these files, as a registry decides it. */
export function reportState({ pack }: PackageFacts, files: readonly PackedFile[]): ReportState {
  const found = files.find(({ path }) => path === 'conformance.json');
  if (found === undefined) return { reason: 'it has no conformance.json among its published files' };
  const report = parse(found);
  if (report === undefined) return { reason: 'its conformance.json is not a conformance report' };
  if (report.plugin !== pack.name || report.version !== pack.version)
    return { reason: `its conformance.json is about ${report.plugin}@${report.version}` };
  if (report.digest === undefined)
    return { reason: 'its conformance.json does not say which files it is about' };
  if (report.digest !== digestOf(files)) return { reason: 'its conformance.json is about other files' };
  const badge = badgeOf(report);
  return badge === undefined ? { reason: 'it breaks laws that it must keep' } : { badge };
}

/**
 * The files with a report that says that it is about them, and its picture. For packages whose report is
 * committed without a digest and has just been held against them.
 */
export function withStampedReport(files: readonly PackedFile[]): readonly PackedFile[] {
  const found = files.find(({ path }) => path === 'conformance.json');
  const report = found === undefined ? undefined : parse(found);
  if (report === undefined) return files;
  const { plugin, version, contributions } = report;
  const stamped: ConformanceReport = { plugin, version, digest: digestOf(files), contributions };
  const texts = {
    'conformance.json': `${JSON.stringify(stamped, null, 2)}\n`,
    'conformance.svg': badgeSvg(badgeOf(stamped)),
  };
  const others = files.filter(({ path }) => !(path in texts));
  const own = Object.entries(texts).map(([path, text]) =>
    packedFile({ path, bytes: Buffer.from(text), executable: false }),
  );
  return [...others, ...own].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parse({ bytes }: PackedFile): ConformanceReport | undefined {
  try {
    return conformanceReportSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    // Whatever stands there, it is no report: the caller says so.
    return undefined;
  }
}
