import { describeThrown } from '@vp/contracts';
import type { ConformanceReport } from '@vp/contracts/registry';
import { errors } from '../../errors.ts';
import type { Disposable, Law } from '../law.ts';
import { keyOf, reportedContribution } from '../report.ts';
import { conformanceResult, type LawResult, runLaw } from '../run.ts';
import type { ConformanceDefinition, SubjectMaker } from './define.ts';
import { visitSubjects } from './subjects.ts';

/** A contribution, or one variant of it, under test. */
export interface ContributionUnderTest {
  readonly point: string;
  readonly id: string;
  readonly variant?: string;
}

/** What is run of a definition, and who is told. */
export interface RunDefinitionOptions {
  /** Ids of the laws to run (`S07`); all when left out. */
  readonly laws?: readonly string[];
  /** Told after each law. */
  onLaw?(law: LawResult, of: ContributionUnderTest): void;
}

/**
 * Runs the kits on every subject of a definition, one law after the other, and lets go of what the
 * subjects share.
 *
 * @returns what belongs into a report, sorted as there
 * @throws VpError `VP_SDK_NO_LAW` when `laws` names none of theirs
 */
export async function runDefinition(
  definition: ConformanceDefinition,
  options: RunDefinitionOptions = {},
): Promise<ConformanceReport['contributions']> {
  const { laws: wanted } = options;
  const runs: (() => Promise<ConformanceReport['contributions'][number] | undefined>)[] = [];
  const known = new Set<string>();
  visitSubjects(definition, ({ kit, id, variant, maker }) => {
    for (const law of kit.laws) known.add(law.id);
    const of = { point: kit.point, id, ...(variant === undefined ? {} : { variant }) };
    const laws = kit.laws.filter((law) => wanted?.includes(law.id) ?? true);
    runs.push(async () => {
      const results: LawResult[] = [];
      for (const law of laws) {
        const result = await outcomeOf(law, maker);
        results.push(result);
        options.onLaw?.(result, of);
      }
      return laws.length === 0 ? undefined : reportedContribution(conformanceResult(kit, results), of);
    });
  });
  const unknown = wanted?.filter((law) => !known.has(law)) ?? [];
  if (unknown.length > 0) throw errors.VP_SDK_NO_LAW({ laws: unknown, known: [...known] });
  try {
    const done: ConformanceReport['contributions'] = [];
    for (const run of runs) {
      const contribution = await run();
      if (contribution !== undefined) done.push(contribution);
    }
    return done.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  } finally {
    await definition.dispose?.();
  }
}

/** A subject that cannot be made proves nothing: the law counts as broken, and says why. */
async function outcomeOf<Subject extends Disposable>(
  law: Law<Subject>,
  maker: SubjectMaker<Subject>,
): Promise<LawResult> {
  try {
    return await runLaw(law, maker);
  } catch (cause) {
    const { id, title, level } = law;
    const problem = `the subject cannot be made, or let go of: ${describeThrown(cause)}`;
    const error = errors.VP_SDK_LAW_BROKEN({ law: id, title, problem }, { cause });
    return { id, title, level, outcome: 'failed', error };
  }
}
