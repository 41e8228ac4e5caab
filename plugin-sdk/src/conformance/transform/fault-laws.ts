import { setTimeout as pause } from 'node:timers/promises';
import { isVpError } from '@vp/contracts';
import { testContext } from '../../testing/test-context.ts';
import { ensureSameRows } from '../data/canonical.ts';
import { foreignError } from '../data/foreign-error.ts';
import { ensure, ensureCancelled, ensureRejects, ensureSame, within } from '../ensure.ts';
import type { Law } from '../law.ts';
import { endingWith, endlessInput, outcome, outputOf, pull, start, streaming } from './running.ts';
import type { TransformSubject } from './subject.ts';

/** Laws on inputs that fail, on aborts in the midst, and on what they leave behind. */
export const faultLaws: readonly Law<TransformSubject>[] = [
  {
    id: 'T16',
    title: 'a run gives the same whatever ran before it in the same instance, well or not',
    proves: 'A process that lives long gives what a fresh one gives.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      const broken = new Error('the input failed');
      for (const wanted of subject.cases) {
        const failing = endingWith(() => Promise.reject(broken));
        await ensureRejects(
          outcome(subject, transform, wanted, failing),
          `${wanted.name} with a broken input`,
        );
        for (const time of ['after a run that failed', 'after one that did not'])
          ensureSameRows({
            schema: wanted.schema,
            actual: await outcome(subject, transform, wanted),
            expected: wanted.expected,
            what: `${wanted.name} ${time}`,
          });
      }
    },
  },
  {
    id: 'T17',
    title: 'an error of an input that another copy of the SDK made keeps its code and class',
    proves: 'Plugins may each bring their own copy of the SDK: what is transient is tried again.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      const broken = foreignError('the input of another copy failed');
      for (const wanted of subject.cases) {
        const failing = endingWith(() => Promise.reject(broken));
        const error = await ensureRejects(outcome(subject, transform, wanted, failing), wanted.name);
        ensure(isVpError(error), `${wanted.name} fails with ${String(error)}, which is no VpError`);
        ensureSame([error.code, error.class], [broken.code, broken.class], `the error of ${wanted.name}`);
      }
    },
  },
  {
    id: 'T18',
    title: 'an abort at any batch of the output ends it with the reason, and closes the inputs',
    proves: 'Time-outs work at any moment, and leave nothing open.',
    level: 'must',
    async run(subject) {
      const wanted = streaming(subject);
      for (let at = 1; at <= 4; at++) {
        const { input, seen } = endlessInput();
        const context = testContext();
        const reason = new Error(`enough at batch ${at}`);
        const result = await start(await subject.open(), wanted, input, context);
        const batches = await within(5_000, pull(outputOf(result), at), `batch ${at} of an endless input`);
        context.abort(reason);
        // One that was made before the abort may still come.
        const rest = async () => {
          for (let left = 10; left > 0; left--) if ((await batches.next()).done === true) return;
        };
        await ensureCancelled(rest(), reason, `the run at batch ${at}`);
        await within(1_000, Promise.resolve(result.close?.()), 'close');
        await pause(5);
        ensureSame(seen.closed, seen.opened, `the inputs closed after the abort at batch ${at}`);
      }
    },
  },
];
