import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ConformanceReport } from '@vp/contracts/registry';
import { errors } from '../errors.ts';
import type { ConformanceResult } from './run.ts';

type ReportedContribution = ConformanceReport['contributions'][number];

/** Which contribution of which package a result is about. */
export interface ReportTarget {
  /** Contribution id. */
  readonly id: string;
  readonly variant?: string;
  /** A folder in the plugin's package: `import.meta.dirname` of the test. */
  readonly from: string;
}

/**
 * Writes a result into the package's `conformance.json`, in the place of an earlier one of the same
 * contribution. Several processes may write at the same time.
 *
 * @returns the path of the file
 */
export async function writeConformance(result: ConformanceResult, target: ReportTarget): Promise<string> {
  const { file, plugin, version } = packageOf(target.from);
  const entry = reportedContribution(result, target);
  const lock = `${file}.lock`;
  for (let tries = 0; !tryLock(lock); tries++) {
    if (tries > 500) throw new Error(`${lock} is held by another process; remove it if there is none`);
    await pause(10);
  }
  try {
    const others = readReport(file).filter((c) => keyOf(c) !== keyOf(entry));
    const contributions = [...others, entry].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const report: ConformanceReport = { plugin, version, contributions };
    writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  } finally {
    rmdirSync(lock);
  }
  return file;
}

/** Throws `VP_SDK_REPORT_STALE` unless the package's `conformance.json` says what `result` says. */
export function checkConformance(result: ConformanceResult, target: ReportTarget): void {
  const { file, name, plugin, version } = packageOf(target.from);
  if (!existsSync(file)) throw errors.VP_SDK_REPORT_STALE({ file: name, problem: 'it does not exist' });
  const report: ConformanceReport = JSON.parse(readFileSync(file, 'utf8'));
  const entry = reportedContribution(result, target);
  const committed = report.contributions.find((c) => keyOf(c) === keyOf(entry));
  const stale = (problem: string) => errors.VP_SDK_REPORT_STALE({ file: name, problem });
  if (report.plugin !== plugin || report.version !== version)
    throw stale(`it is about ${report.plugin}@${report.version}, this is ${plugin}@${version}`);
  if (committed === undefined) throw stale(`it has nothing about ${keyOf(entry)}`);
  const differing = entry.laws.find((law, i) => !isDeepStrictEqual(law, committed.laws[i]));
  if (differing !== undefined) {
    const was = committed.laws.find((law) => law.id === differing.id)?.outcome ?? 'missing';
    throw stale(`${keyOf(entry)} ${differing.id} is ${differing.outcome}, the file says ${was}`);
  }
  if (!isDeepStrictEqual(entry, committed)) throw stale(`${keyOf(entry)} was run with another kit`);
}

/** Whether the package has a `conformance.json`. */
export const hasReport = ({ from }: Pick<ReportTarget, 'from'>): boolean => existsSync(packageOf(from).file);

/** A result as it stands in a report. */
export function reportedContribution(
  result: ConformanceResult,
  { id, variant }: Pick<ReportTarget, 'id' | 'variant'>,
): ReportedContribution {
  return {
    point: result.point,
    id,
    ...(variant === undefined ? {} : { variant }),
    contract: result.contract,
    kit: result.kit,
    laws: result.laws.map(({ id: law, title, level, outcome, reason }) => ({
      id: law,
      title,
      level,
      outcome,
      ...(reason === undefined ? {} : { reason }),
    })),
  };
}

/** What a report is sorted by. */
export const keyOf = (c: Pick<ReportedContribution, 'point' | 'id' | 'variant'>): string =>
  [c.point, c.id, ...(c.variant === undefined ? [] : [c.variant])].join(' ');

function readReport(file: string): readonly ReportedContribution[] {
  if (!existsSync(file)) return [];
  const report: ConformanceReport = JSON.parse(readFileSync(file, 'utf8'));
  return report.contributions;
}

function tryLock(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function packageOf(from: string) {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const { name, version = '0.0.0' } = JSON.parse(readFileSync(file, 'utf8'));
      if (typeof name === 'string')
        return {
          file: join(folder, 'conformance.json'),
          name: `${name}/conformance.json`,
          plugin: name,
          version,
        };
    }
    if (dirname(folder) === folder) throw errors.VP_SDK_NO_PACKAGE({ folder: from });
  }
}
