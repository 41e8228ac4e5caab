import { alerterKit } from '../alerter/kit.ts';
import { authKit } from '../auth/kit.ts';
import { executorKit } from '../executor/kit.ts';
import type { Disposable, Kit } from '../law.ts';
import { sinkKit } from '../sink/kit.ts';
import { sourceKit } from '../source/kit.ts';
import { transformKit } from '../transform/kit.ts';
import { validatorKit } from '../validator/kit.ts';
import type { ConformanceSubjects, SubjectEntry, SubjectMaker } from './define.ts';

/** One subject of a definition with the kit that proves it. */
export interface DefinedSubject<Subject extends Disposable> {
  readonly kit: Kit<Subject>;
  /** Contribution id. */
  readonly id: string;
  readonly variant?: string;
  readonly maker: SubjectMaker<Subject>;
}

type Visit = <Subject extends Disposable>(subject: DefinedSubject<Subject>) => void;

/** Visits every subject of a definition, in the order of the extension points. */
export function visitSubjects(subjects: ConformanceSubjects, visit: Visit): void {
  const each = <Subject extends Disposable>(
    kit: Kit<Subject>,
    entries: Readonly<Record<string, SubjectEntry<Subject>>> | undefined,
  ) => {
    for (const [id, entry] of Object.entries(entries ?? {})) {
      if ('variants' in entry)
        for (const [variant, maker] of Object.entries(entry.variants)) visit({ kit, id, variant, maker });
      else visit({ kit, id, maker: entry });
    }
  };
  each(sourceKit, subjects.sources);
  each(sinkKit, subjects.sinks);
  each(transformKit, subjects.transforms);
  each(validatorKit, subjects.validators);
  each(alerterKit, subjects.alerters);
  each(authKit, subjects.auth);
  each(executorKit, subjects.executors);
}
