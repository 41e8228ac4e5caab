import { isDeepStrictEqual } from 'node:util';
import type { CheckSpec, RowBatch } from '@vp/contracts';
import { testContext } from '../../testing/test-context.ts';
import { ensure, ensureCancelled, ensureSame, notApplicable, show } from '../ensure.ts';
import type { Law } from '../law.ts';
import type { ValidatorSubject } from './subject.ts';
import { caseOf, checksOf, ensureFound, validate, withQuery } from './validating.ts';

/** One bad check between two good ones: it has status `error`, and the others are right. */
async function ensureOneError(
  subject: ValidatorSubject,
  spoil: (check: CheckSpec) => CheckSpec,
): Promise<void> {
  const [passed, failed] = [caseOf(subject, 'passed'), caseOf(subject, 'failed')];
  const bad = { ...spoil(failed.check), name: 'spoiled' };
  const [before, error, after] = await validate(subject, { checks: [passed.check, bad, failed.check] });
  ensure(error?.status === 'error', `the spoiled check is ${error?.status}, not error`);
  ensure(error.message.trim() !== '', 'the error does not say why');
  ensureFound(before && after ? [before, after] : [], [passed, failed]);
}

/** The laws of validators. */
export const validatorLaws: readonly Law<ValidatorSubject>[] = [
  {
    id: 'V01',
    title: 'rules are described, unique, and the same each time',
    proves: 'Typos in rules are found by their names, with a suggestion, before anything runs.',
    level: 'must',
    async run(subject) {
      const validator = await subject.open();
      const rules = validator.rules();
      ensure(rules.length > 0, 'there are no rules');
      ensureSame(new Set(rules.map((r) => r.id)).size, rules.length, 'the number of different rules');
      for (const rule of rules) {
        ensure(/^[a-z][a-z0-9_]*$/.test(rule.id), `${rule.id} is no id of a rule`);
        ensure(rule.description.trim() !== '', `${rule.id} has no description`);
        ensure(isDeepStrictEqual(JSON.parse(JSON.stringify(rule)), rule), `${rule.id} is not plain JSON`);
      }
      ensureSame(validator.rules(), rules, 'the second answer');
    },
  },
  {
    id: 'V02',
    title: 'every check finds what is there',
    proves: 'A passed check means good data, a failed one counts the bad rows.',
    level: 'must',
    async run(subject) {
      ensureFound(await validate(subject), subject.cases);
    },
  },
  {
    id: 'V03',
    title: 'results come in the order of the checks, whatever it is',
    proves: 'A result is never shown for another check.',
    level: 'must',
    async run(subject) {
      const cases = subject.cases.toReversed();
      ensureFound(await validate(subject, { checks: cases.map((c) => c.check) }), cases);
    },
  },
  {
    id: 'V04',
    title: 'a check finds alone what it finds among others',
    proves: 'Doing all checks in one scan is only faster.',
    level: 'must',
    async run(subject) {
      for (const wanted of subject.cases)
        ensureFound(await validate(subject, { checks: [wanted.check] }), [wanted]);
    },
  },
  {
    id: 'V05',
    title: 'results repeat the name, rule, columns and severity of their check',
    proves: 'Reports and alerts can be made from results alone; a warning does not become an error.',
    level: 'must',
    async run(subject) {
      for (const severity of ['warn', 'error'] as const) {
        const checks = checksOf(subject).map((check) => ({ ...check, severity }));
        for (const [i, result] of (await validate(subject, { checks })).entries()) {
          const { name, rule, columns } = checks[i] ?? {};
          ensureSame(
            { check: result.check, rule: result.rule, columns: result.columns, severity: result.severity },
            { check: name, rule, columns, severity },
            'a result',
          );
          ensure(result.message.trim() !== '', `${result.check} has no message`);
        }
      }
    },
  },
  {
    id: 'V06',
    title: 'a rule that there is not gives status error, and the other checks are done',
    proves: 'A mistake in one check does not hide bad data, and is not a pass.',
    level: 'must',
    run: (subject) => ensureOneError(subject, (check) => ({ ...check, rule: 'no_such_rule' })),
  },
  {
    id: 'V07',
    title: 'a column that there is not gives status error, and the other checks are done',
    proves: 'A renamed column is a finding, not a crash and not a pass.',
    level: 'must',
    run: (subject) => ensureOneError(subject, (check) => ({ ...check, columns: ['no_such_column'] })),
  },
  {
    id: 'V08',
    title: 'options that make no sense give status error, and the other checks are done',
    proves: 'A misspelt option is not passed over.',
    level: 'must',
    run: (subject) => ensureOneError(subject, (check) => ({ ...check, options: { no_such_option: [{}] } })),
  },
  {
    id: 'V09',
    title: 'when the data cannot be queried, nothing has passed',
    proves: 'A lost connection never publishes unchecked data.',
    level: 'must',
    async run(subject) {
      const target = await withQuery(subject, () => Promise.reject(new Error('the connection is lost')));
      // Whether it rejects or finds errors is its choice: only a pass would be wrong.
      const outcome = await validate(subject, { target }).catch(() => undefined);
      if (outcome === undefined) return;
      const passed = outcome.find((result) => result.status !== 'error');
      ensure(passed === undefined, `${passed?.check} is ${passed?.status}`);
      ensureSame(outcome.length, subject.cases.length, 'the number of results');
    },
  },
  {
    id: 'V10',
    title: 'no more failing rows are shown than asked for; with 0, none',
    proves: 'Data is shown only as far as the deployment allows.',
    level: 'must',
    async run(subject) {
      for (const sampleSize of [0, 1]) {
        for (const { check, sample = [] } of await validate(subject, { sampleSize }))
          ensure(
            sample.length <= sampleSize,
            `${check} shows ${sample.length} rows of ${sampleSize} asked for`,
          );
      }
    },
  },
  {
    id: 'V11',
    title: 'a passed check shows no failing rows',
    proves: 'Samples are of what is wrong.',
    level: 'must',
    async run(subject) {
      for (const { check, status, failures, sample = [] } of await validate(subject))
        ensure(
          status !== 'passed' || failures > 0 || sample.length === 0,
          `${check} passed and shows ${show(sample)}`,
        );
    },
  },
  {
    id: 'V12',
    title: 'values of columns tagged pii are masked in samples',
    proves: 'Personal data does not leave the table through a report.',
    level: 'must',
    async run(subject) {
      const open = (await validate(subject)).flatMap((r) => r.sample ?? []);
      if (open.length === 0) notApplicable('it shows no samples');
      const values = open
        .flatMap((row) => Object.values(row))
        .filter((v) => v !== null && String(v).length > 2);
      const target = await subject.target();
      const fields = target.schema.fields.map((field) => ({ ...field, tags: ['pii'] }));
      const masked = await validate(subject, { target: { ...target, schema: { ...target.schema, fields } } });
      const text = JSON.stringify(masked.map((r) => r.sample ?? []));
      const leaked = values.find((value) => text.includes(JSON.stringify(value)));
      ensure(leaked === undefined, `${show(leaked)} is shown, and all columns are tagged pii`);
    },
  },
  {
    id: 'V13',
    title: 'results are plain JSON',
    proves: 'They are kept, sent and printed as they are; bigints and dates would be lost or throw.',
    level: 'must',
    async run(subject) {
      for (const result of await validate(subject))
        ensureSame(JSON.parse(JSON.stringify(result)), result, `the result of ${result.check} after JSON`);
    },
  },
  {
    id: 'V14',
    title: 'no checks give no results, without a query',
    proves: 'Assets without checks cost nothing.',
    level: 'must',
    async run(subject) {
      let queries = 0;
      const target = await withQuery(subject, (sql, real) => {
        queries++;
        return real(sql);
      });
      ensureSame(await validate(subject, { checks: [], target }), [], 'the results');
      ensureSame(queries, 0, 'the number of queries');
    },
  },
  {
    id: 'V15',
    title: 'every query is read to its end or closed',
    proves: 'Cursors of the engine are not leaked.',
    level: 'must',
    async run(subject) {
      let open = 0;
      const target = await withQuery(subject, async (sql, real) => {
        const result = await real(sql);
        open++;
        let counted = false;
        const end = () => {
          if (!counted) open--;
          counted = true;
        };
        async function* batches(): AsyncGenerator<RowBatch> {
          yield* result.batches;
          end();
        }
        return { schema: result.schema, batches: batches(), close: () => result.close().then(end) };
      });
      ensureFound(await validate(subject, { target }), subject.cases);
      ensureSame(open, 0, 'the number of queries left open');
    },
  },
  {
    id: 'V16',
    title: 'validations at the same time do not mix',
    proves: 'One instance serves all assets of a run.',
    level: 'must',
    async run(subject) {
      const validator = await subject.open();
      const target = await subject.target();
      const rounds = [subject.cases, subject.cases.toReversed(), subject.cases.slice(0, 1), subject.cases];
      const outcomes = await Promise.all(
        rounds.map((cases) =>
          validator.validate({ target, checks: cases.map((c) => c.check), sampleSize: 1 }, testContext()),
        ),
      );
      for (const [i, cases] of rounds.entries()) ensureFound(outcomes[i] ?? [], cases);
    },
  },
  {
    id: 'V17',
    title: 'an abort ends the validation within a second with the reason, also while a query runs',
    proves: 'Ctrl-C and time-outs work.',
    level: 'must',
    async run(subject) {
      const context = testContext();
      const reason = new Error('enough');
      // As engines do: the query ends when the call's signal aborts, and not before.
      const target = await withQuery(subject, () => {
        const { promise, reject } = Promise.withResolvers<never>();
        context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true });
        setImmediate(() => context.abort(reason));
        return promise;
      });
      await ensureCancelled(validate(subject, { target, context }), reason, 'validate');
    },
  },
  {
    id: 'V18',
    title: 'a call whose signal is aborted already does nothing but reject with the reason',
    proves: 'A cancelled run starts nothing any more.',
    level: 'must',
    async run(subject) {
      const context = testContext();
      const reason = new Error('never started');
      context.abort(reason);
      await ensureCancelled(validate(subject, { context }), reason, 'validate');
    },
  },
  {
    id: 'V19',
    title: 'when one query fails, whichever it is, what is found all the same is right',
    proves: 'A connection that is lost in the midst makes no finding, and hides none.',
    level: 'must',
    async run(subject) {
      for (let nth = 1; nth <= subject.cases.length; nth++) {
        let queries = 0;
        const target = await withQuery(subject, (sql, real) =>
          ++queries === nth ? Promise.reject(new Error('the connection is lost')) : real(sql),
        );
        const outcome = await validate(subject, { target }).then(
          (results) => results,
          (error: unknown) => ({ error }),
        );
        if (queries < nth) return;
        if ('error' in outcome) continue;
        ensureSame(outcome.length, subject.cases.length, 'the number of results');
        // Whoever asks once more, in another way, may well find out.
        for (const [i, result] of outcome.entries())
          if (result.status !== 'error') ensureFound([result], subject.cases.slice(i, i + 1));
      }
    },
  },
  {
    id: 'V20',
    title: 'a validation finds the same again, also after one that failed',
    proves: 'Results depend on the data alone.',
    level: 'must',
    async run(subject) {
      const validator = await subject.open();
      const target = await subject.target();
      const checks = checksOf(subject);
      const failing = { ...target, query: () => Promise.reject(new Error('the connection is lost')) };
      await Promise.allSettled([
        validator.validate({ target: failing, checks, sampleSize: 5 }, testContext()),
      ]);
      for (let time = 0; time < 2; time++)
        ensureFound(
          await validator.validate({ target, checks, sampleSize: 5 }, testContext()),
          subject.cases,
        );
    },
  },
];
