import type { Manifest } from '@vp/contracts/manifest';
import {
  type Badge,
  badgeOf,
  type ConformanceReport,
  conformanceReportSchema,
  reportFiles,
  treeHash,
} from '@vp/contracts/registry';
import { contributionsOf } from './manifest.ts';
import type { PackageJson } from './package-json.ts';
import type { PackedPackage } from './tarball.ts';

/** The badge that a package earns, or why it earns none. */
export type BadgeDecision =
  | { readonly badge: Badge; readonly why?: undefined }
  | { readonly badge?: undefined; readonly why: string };

/** Reads the conformance report of a plugin and believes it when it is about this very package. */
export function decideBadge(request: {
  readonly manifest: Manifest;
  readonly packageJson: PackageJson;
  readonly packed: PackedPackage;
}): BadgeDecision {
  const { manifest, packageJson, packed } = request;
  const path = (manifest.conformance ?? './conformance.json').slice(2);
  const text = packed.text(path);
  if (text === undefined) return { why: `the package has no ${path}; vp plugins conformance makes it` };
  const report = readReport(text);
  if (typeof report === 'string') return { why: `${path} ${report}` };
  if (report.plugin !== packageJson.name || report.version !== packageJson.version)
    return { why: `${path} is about ${report.plugin}@${report.version}` };
  if (report.digest === undefined)
    return { why: `${path} does not say which code it tested; run vp plugins conformance before publishing` };
  const tested = packed.files.filter((file) => !reportFiles.some((each) => each === file.path));
  if (report.digest !== treeHash(tested))
    return { why: `${path} is about other code than this package has; run vp plugins conformance again` };
  const own = new Set(contributionsOf(manifest).map(({ point, value }) => `${point} ${value.id}`));
  const foreign = report.contributions.find(({ point, id }) => !own.has(`${point} ${id}`));
  if (foreign !== undefined)
    return { why: `${path} tests ${foreign.point} ${foreign.id}, which the manifest does not have` };
  const badge = badgeOf(report);
  return badge === undefined
    ? { why: `${path} has a law that must hold and does not, or none at all` }
    : { badge };
}

function readReport(text: string): ConformanceReport | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const result = conformanceReportSchema.safeParse(value);
  return result.success
    ? result.data
    : `is no conformance report (${result.error.issues[0]?.path.join('.')})`;
}
