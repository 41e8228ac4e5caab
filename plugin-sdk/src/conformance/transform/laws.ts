import { setTimeout as pause } from 'node:timers/promises';
import { valueChecker } from '../../rows/check-value.ts';
import { testContext } from '../../testing/test-context.ts';
import { ensureSameRows } from '../data/canonical.ts';
import { ensure, ensureCancelled, ensureRejects, ensureSame, ensureVpError, within } from '../ensure.ts';
import type { Law } from '../law.ts';
import {
  endingWith,
  endlessInput,
  inBatchesOf,
  outcome,
  outputOf,
  pull,
  reusingArrays,
  start,
  streaming,
} from './running.ts';
import type { TransformSubject } from './subject.ts';

const never = () => new Promise<never>(() => undefined);

async function ensureExpected(
  subject: TransformSubject,
  what: string,
  input?: Parameters<typeof outcome>[3],
): Promise<void> {
  const transform = await subject.open();
  for (const wanted of subject.cases) {
    const actual = await outcome(subject, transform, wanted, input);
    ensureSameRows({
      schema: wanted.schema,
      actual,
      expected: wanted.expected,
      what: `${wanted.name} ${what}`,
    });
  }
}

/** The laws of transforms. */
export const transformLaws: readonly Law<TransformSubject>[] = [
  {
    id: 'T01',
    title: 'formats takes rows and says the same each time',
    proves: 'Every engine can feed it, and plans do not change by themselves.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      for (const { name, options, code } of subject.cases) {
        const formats = transform.formats({ options, code });
        ensure(formats.includes('rows'), `${name} takes ${formats}, not rows`);
        ensureSame(transform.formats({ options, code }), formats, 'the second answer');
      }
    },
  },
  {
    id: 'T02',
    title: 'every computation gives exactly its rows',
    proves: 'The transform does what it says.',
    level: 'must',
    run: (subject) => ensureExpected(subject, 'in batches of two'),
  },
  {
    id: 'T03',
    title: 'the output has the declared columns, and every value is of its column’s type',
    proves: 'What the transform gives can be stored as the asset says.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      for (const wanted of subject.cases) {
        const result = await start(transform, wanted);
        const { schema } = outputOf(result);
        await result.close?.();
        const shape = (s: typeof schema) =>
          s.fields.map(({ name, type, nullable }) => ({ name, type, nullable }));
        ensureSame(shape(schema), shape(wanted.schema), `the schema of ${wanted.name}`);
        for (const row of await outcome(subject, transform, wanted)) {
          for (const { name, type, nullable } of schema.fields) {
            const problem = valueChecker(type, { nullable })(row[name]);
            ensure(problem === undefined, `${wanted.name}, column ${name}: ${problem}`);
          }
        }
      }
    },
  },
  {
    id: 'T04',
    title: 'how the input is cut into batches makes no difference',
    proves: 'The result does not depend on the engine or on the machine.',
    level: 'must',
    async run(subject) {
      for (const size of [1, 3, 10_000])
        await ensureExpected(subject, `in batches of ${size}`, inBatchesOf(size));
    },
  },
  {
    id: 'T05',
    title: 'an input batch is not used after the next one was asked for',
    proves: 'Engines can hand out their own buffers, without a copy for each batch.',
    level: 'must',
    run: (subject) => ensureExpected(subject, 'with reused arrays', reusingArrays),
  },
  {
    id: 'T06',
    title: 'every accepted input format gives the same rows',
    proves: 'The planner may take the fastest path.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      for (const wanted of subject.cases) {
        for (const format of transform.formats(wanted)) {
          const encode = subject.encoders?.[format];
          if (format === 'rows') continue;
          ensure(
            encode !== undefined,
            `it takes ${format}: give the subject \`encoders: { ${JSON.stringify(format)}: … }\``,
          );
          const actual = await outcome(subject, transform, wanted, encode);
          ensureSameRows({
            schema: wanted.schema,
            actual,
            expected: wanted.expected,
            what: `${wanted.name} from ${format}`,
          });
        }
      }
    },
  },
  {
    id: 'T07',
    title: 'inputs without rows are no error',
    proves: 'An empty day is a result.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      for (const wanted of subject.cases)
        await outcome(subject, transform, wanted, ({ schema }, as) =>
          inBatchesOf(2)({ schema, rows: [] }, as),
        );
    },
  },
  {
    id: 'T08',
    title: 'an error of an input is the error of the output',
    proves: 'Half an input never becomes a whole output.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      const broken = new Error('the input failed');
      for (const wanted of subject.cases) {
        const work = outcome(
          subject,
          transform,
          wanted,
          endingWith(() => Promise.reject(broken)),
        );
        const error = await ensureRejects(work, wanted.name);
        const isIt = error === broken || (error instanceof Error && error.cause === broken);
        ensure(isIt, `${wanted.name} fails with ${String(error)}, which hides the error of the input`);
      }
    },
  },
  {
    id: 'T09',
    title: 'an error of the user’s code is a VpError that says what was thrown, and is not retried',
    proves: 'Users see their own mistake, at once.',
    level: 'must',
    exempt: (subject) => (subject.failing ? undefined : 'it runs no code that could fail'),
    async run(subject) {
      const { failing } = subject;
      if (failing === undefined) return;
      const error = await ensureVpError(
        outcome(subject, await subject.open(), failing.run),
        failing.run.name,
      );
      ensure(error.class !== 'transient', 'the error is transient: it would be retried for nothing');
      ensure(error.message.includes(failing.says), `“${error.message}” does not say “${failing.says}”`);
    },
  },
  {
    id: 'T10',
    title: 'an abort ends the run within a second with the reason, also while an input is silent',
    proves: 'Ctrl-C and time-outs work.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      for (const wanted of subject.cases) {
        const context = testContext();
        const reason = new Error('enough');
        const work = outcome(subject, transform, wanted, endingWith(never), context);
        setImmediate(() => context.abort(reason));
        await ensureCancelled(work, reason, wanted.name);
      }
    },
  },
  {
    id: 'T11',
    title: 'a run whose signal is aborted already does nothing but reject with the reason',
    proves: 'A cancelled run starts nothing any more.',
    level: 'must',
    async run(subject) {
      const [wanted] = subject.cases;
      if (wanted === undefined) return;
      const context = testContext();
      const reason = new Error('never started');
      context.abort(reason);
      const work = outcome(subject, await subject.open(), wanted, undefined, context);
      await ensureCancelled(work, reason, wanted.name);
    },
  },
  {
    id: 'T12',
    title: 'inputs are read no faster than the output is taken',
    proves: 'Memory does not grow with the data.',
    level: 'must',
    async run(subject) {
      const wanted = streaming(subject);
      const { input, seen } = endlessInput();
      const context = testContext();
      const result = await start(await subject.open(), wanted, input, context);
      const batches = await within(5_000, pull(outputOf(result), 1), 'the first batch of an endless input');
      const before = seen.batches;
      await pause(100);
      const ahead = seen.batches - before;
      context.abort();
      await Promise.allSettled([batches.return?.(), result.close?.()]);
      ensure(ahead <= 8, `${ahead} batches were read while nobody took any output`);
    },
  },
  {
    id: 'T13',
    title: 'when the output is given up, the inputs are closed',
    proves: 'Cursors, files and connections of the inputs are not leaked.',
    level: 'must',
    async run(subject) {
      const wanted = streaming(subject);
      const { input, seen } = endlessInput();
      const result = await start(await subject.open(), wanted, input);
      const batches = await within(5_000, pull(outputOf(result), 1), 'the first batch of an endless input');
      await within(1_000, Promise.resolve(batches.return?.()), 'giving up the output');
      await within(1_000, Promise.resolve(result.close?.()), 'close');
      ensure(seen.closed === seen.opened, `of ${seen.opened} opened inputs ${seen.closed} were closed`);
    },
  },
  {
    id: 'T14',
    title: 'runs at the same time do not mix',
    proves: 'One instance serves all steps of a run.',
    level: 'must',
    async run(subject) {
      const transform = await subject.open();
      const all = [...subject.cases, ...subject.cases];
      // Not in step, or what is shared would be the same for all.
      const outcomes = await Promise.all(
        all.map(async (wanted, i) => {
          for (let turn = 0; turn < i; turn++) await new Promise((resolve) => setImmediate(resolve));
          return outcome(subject, transform, wanted, inBatchesOf(1 + (i % 2)));
        }),
      );
      for (const [i, wanted] of all.entries())
        ensureSameRows({
          schema: wanted.schema,
          actual: outcomes[i] ?? [],
          expected: wanted.expected,
          what: `${wanted.name} beside others`,
        });
    },
  },
  {
    id: 'T15',
    title: 'close may come twice, also before the output is taken',
    proves: 'The host can always clean up.',
    level: 'must',
    async run(subject) {
      const [wanted] = subject.cases;
      if (wanted === undefined) return;
      const result = await start(await subject.open(), wanted);
      await within(1_000, Promise.resolve(result.close?.()), 'close');
      await within(1_000, Promise.resolve(result.close?.()), 'the second close');
    },
  },
];
