import { describeThrown, isVpError, type VpError } from '@vp/contracts';
import { errors } from '../errors.ts';
import { NotApplicable } from './ensure.ts';
import type { Disposable, Kit, Law, LawLevel } from './law.ts';

/** What came of a law. */
export interface LawResult {
  readonly id: string;
  readonly title: string;
  readonly level: LawLevel;
  readonly outcome: 'passed' | 'failed' | 'exempt';
  /** Why it was exempt. */
  readonly reason?: string;
  /** What broke it. */
  readonly error?: VpError;
}

/** What came of all laws of a kit. */
export interface ConformanceResult {
  readonly point: string;
  readonly contract: string;
  readonly kit: string;
  readonly laws: readonly LawResult[];
  /** Whether no `must` law failed. */
  readonly ok: boolean;
}

/** How subjects are made, and how long a law may take. */
export interface RunOptions<Subject> {
  /** Makes a subject that no other law has touched. */
  create(): Subject | Promise<Subject>;
  /** Milliseconds for one law, the making of its subject not counted; 10,000 when left out. */
  readonly timeoutMs?: number;
}

/**
 * Runs every law of a kit, one after the other, outside of any test runner.
 *
 * @example
 * ```ts
 * import { runConformance, sourceKit, type SourceSubject } from '@vp/plugin-sdk/conformance';
 * async function prove(create: () => Promise<SourceSubject>): Promise<boolean> {
 *   const result = await runConformance(sourceKit, { create });
 *   return result.ok;
 * }
 * ```
 */
export async function runConformance<Subject extends Disposable>(
  kit: Kit<Subject>,
  options: RunOptions<Subject>,
): Promise<ConformanceResult> {
  const laws: LawResult[] = [];
  for (const law of kit.laws) laws.push(await runLaw(law, options));
  return conformanceResult(kit, laws);
}

/** The results of a kit's laws as one. */
export function conformanceResult<Subject>(kit: Kit<Subject>, laws: readonly LawResult[]): ConformanceResult {
  return {
    point: kit.point,
    contract: kit.contract,
    kit: kit.version,
    laws,
    ok: laws.every((law) => law.outcome !== 'failed' || law.level === 'should'),
  };
}

/** Runs one law on a fresh subject. Never rejects because of the subject: that is the result. */
export async function runLaw<Subject extends Disposable>(
  law: Law<Subject>,
  options: RunOptions<Subject>,
): Promise<LawResult> {
  const { id, title, level } = law;
  const subject = await options.create();
  try {
    const reason = law.exempt?.(subject);
    if (reason !== undefined) return { id, title, level, outcome: 'exempt', reason };
    await withTimeout(law.run(subject), options.timeoutMs ?? 10_000);
    return { id, title, level, outcome: 'passed' };
  } catch (thrown) {
    if (thrown instanceof NotApplicable)
      return { id, title, level, outcome: 'exempt', reason: thrown.message };
    const problem = isVpError(thrown) ? `${thrown.code}: ${thrown.message}` : describeThrown(thrown);
    const error = errors.VP_SDK_LAW_BROKEN({ law: id, title, problem }, { cause: thrown });
    return { id, title, level, outcome: 'failed', error };
  } finally {
    await subject.dispose?.();
  }
}

async function withTimeout(work: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.reject(new Error(`no end after ${ms} ms`)), ms);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
