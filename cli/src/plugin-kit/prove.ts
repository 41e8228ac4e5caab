import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type Badge,
  badgeOf,
  badgeSvg,
  type ConformanceReport,
  conformanceReportSchema,
  reportFiles,
} from '@vp/contracts/registry';
import { errors } from './errors.ts';
import { type FoundPackage, type NamedContribution, namedContributions } from './plugin-package.ts';
import { type LawTold, runKits } from './run-kits.ts';

/** Points that a kit is for. */
const proved = new Set(['source', 'sink', 'transform', 'validator', 'alerter', 'auth', 'executor']);

/** Whether there is a kit for something that the plugin brings. */
export const isProvable = (pack: FoundPackage['package']): boolean =>
  namedContributions(pack).some(({ point }) => proved.has(point));

export interface Proof {
  readonly report: ConformanceReport;
  readonly badge?: Badge;
  /** Contributions of the manifest without a subject. */
  readonly untested: readonly NamedContribution[];
  /** Subjects of contributions that the manifest does not name. */
  readonly unknown: readonly NamedContribution[];
  /** Whether every law that must hold holds, and nothing is untested. */
  readonly ok: boolean;
  /** The laws as they were told, with what broke them. */
  readonly laws: readonly LawTold[];
}

/** Runs the kits on everything that a plugin's manifest names. */
export async function provePlugin(request: {
  readonly plugin: FoundPackage;
  readonly laws?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  onLaw?(told: LawTold): void;
}): Promise<Proof> {
  const { plugin, laws: chosen, signal, onLaw } = request;
  const named = namedContributions(plugin.package);
  const wanted = named.filter(({ point }) => proved.has(point));
  const { name, version } = plugin.package;
  if (wanted.length === 0) {
    const brings = named.map(({ point, id }) => `${point} ${id}`).join(', ') || 'nothing at all';
    throw errors.VP_KIT_NOTHING_TO_PROVE({ plugin: name, brings });
  }
  const laws: LawTold[] = [];
  const contributions = await runKits({
    plugin,
    laws: chosen,
    signal,
    onLaw(told) {
      laws.push(told);
      onLaw?.(told);
    },
  });
  const { packageDigest } = await import('@vp/installer');
  const report: ConformanceReport = {
    plugin: name,
    version,
    digest: await packageDigest(plugin.directory),
    contributions,
  };
  const isOf = (one: NamedContribution) => (other: NamedContribution) =>
    one.point === other.point && one.id === other.id;
  const untested = chosen === undefined ? wanted.filter((one) => !contributions.some(isOf(one))) : [];
  const unknown = contributions
    .filter((one) => !named.some(isOf(one)))
    .map(({ point, id }) => ({ point, id }));
  const badge = badgeOf(report);
  const isBroken = laws.some(({ law }) => law.outcome === 'failed' && law.level === 'must');
  return {
    report,
    ...(badge === undefined ? {} : { badge }),
    untested,
    unknown,
    ok: !isBroken && untested.length === 0 && unknown.length === 0,
    laws,
  };
}

/** Writes `conformance.json` and `conformance.svg` into the package; gives their paths. */
export function writeProof(plugin: FoundPackage, { report, badge }: Proof): readonly string[] {
  const [json, svg] = reportFiles.map((name) => join(plugin.directory, name)) as [string, string];
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(svg, badgeSvg(badge));
  return [json, svg];
}

/** Whether the report that a package ships says what was found just now; `undefined` when it ships none. */
export function shippedReportHolds(plugin: FoundPackage, { report }: Proof): boolean | undefined {
  const file = join(plugin.directory, 'conformance.json');
  if (!existsSync(file)) return undefined;
  const shipped = conformanceReportSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return shipped.success && isDeepStrictEqual(shipped.data, report);
}
