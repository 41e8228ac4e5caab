import { testContext } from '../../testing/test-context.ts';
import { ensure, ensureNoSecrets, ensureSame, ensureVpError, outcomes } from '../ensure.ts';
import type { Law } from '../law.ts';
import type { SinkSubject } from './subject.ts';
import {
  ensureClean,
  ensureHolds,
  meta,
  payload,
  tableOf,
  withWriter,
  writeAll,
  writeRequest,
} from './writing.ts';

const noBroken = (subject: SinkSubject) =>
  subject.openBroken ? undefined : 'no configuration of it can be wrong';

/** Laws on what a sink says about itself and its destination. */
export const systemLaws: readonly Law<SinkSubject>[] = [
  {
    id: 'K01',
    title: 'check says yes to a system that works',
    proves: '`vp doctor` is green when a publish would succeed.',
    level: 'must',
    async run(subject) {
      const report = await (await subject.open()).check(testContext());
      ensure(report.ok, `check says no: ${report.message}`);
      ensure(report.message.trim() !== '', 'check gives no message');
      await ensureHolds(subject, undefined, 'after check');
    },
  },
  {
    id: 'K02',
    title: 'check says no to a configuration that cannot work, and does not throw',
    proves: '`vp doctor` shows every broken connection with its fix.',
    level: 'must',
    exempt: noBroken,
    async run(subject) {
      const report = await (await subject.openBroken?.())?.check(testContext());
      ensure(report?.ok === false, 'check says yes');
      ensure(report.message.trim() !== '', 'check does not say what is wrong');
    },
  },
  {
    id: 'K03',
    title: 'a broken system fails writes with a VpError',
    proves: 'A failed publish says what to do, and a retry happens exactly for what time can mend.',
    level: 'must',
    exempt: noBroken,
    async run(subject) {
      const sink = await subject.openBroken?.();
      if (sink !== undefined) await ensureVpError(writeAll(subject, sink), 'the write');
    },
  },
  {
    id: 'K04',
    title: 'inspect of an empty destination says so, names its place, and offers rows',
    proves: '`vp plan` tells what would be created, and every engine can write there.',
    level: 'must',
    async run(subject) {
      const table = await (await subject.open()).inspect({ options: subject.options }, testContext());
      ensureSame(table.exists, false, 'exists');
      ensureSame(table.committed, undefined, 'committed');
      ensure(table.location.trim() !== '', 'the location is empty');
      ensure(table.formats.includes('rows'), `it accepts ${table.formats}, not rows`);
      await ensureHolds(subject, undefined, 'after inspect');
    },
  },
  {
    id: 'K05',
    title: 'inspect after a commit gives exactly the meta that was committed, also from another instance',
    proves: 'The destination alone says what has arrived and where to go on: no second memory can disagree.',
    level: 'must',
    async run(subject) {
      await writeAll(subject, await subject.open());
      const table = await (await subject.open()).inspect({ options: subject.options }, testContext());
      ensureSame(table.exists, true, 'exists');
      ensureSame(table.committed, meta('token-1'), 'the committed meta');
    },
  },
  {
    id: 'K06',
    title: 'inspect after a commit gives the columns that were written',
    proves: 'Schema changes are found before a row is sent.',
    level: 'must',
    async run(subject) {
      await writeAll(subject, await subject.open());
      const { schema } = await (await subject.open()).inspect({ options: subject.options }, testContext());
      ensureSame(
        schema?.fields.map((f) => f.name),
        tableOf(subject).schema.fields.map((f) => f.name),
        'the columns',
      );
    },
  },
  {
    id: 'K07',
    title: 'a mode that it does not have is refused with a VpError before anything is written',
    proves: 'Nobody gets an append who asked for a merge.',
    level: 'must',
    exempt: (subject) => (subject.modes.length === 3 ? 'it has every mode' : undefined),
    async run(subject) {
      const sink = await subject.open();
      for (const mode of ['replace', 'append', 'merge'] as const) {
        if (subject.modes.includes(mode)) continue;
        await ensureVpError(
          writeAll(subject, sink, tableOf(subject).rows, { mode }),
          `a write in mode ${mode}`,
        );
        await ensureHolds(subject, undefined, `after the refused ${mode}`);
      }
    },
  },
  {
    id: 'K08',
    title: 'a merge without a key, or by a key that is no column, is refused with a VpError',
    proves: 'A forgotten key does not turn a merge into an append.',
    level: 'must',
    exempt: (subject) => (subject.modes.includes('merge') ? undefined : 'it cannot merge'),
    async run(subject) {
      const sink = await subject.open();
      for (const key of [[], ['no_such_column']])
        await ensureVpError(
          writeAll(subject, sink, tableOf(subject).rows, { mode: 'merge', key }),
          `a merge by ${key.length === 0 ? 'no key' : key}`,
        );
      await ensureClean(subject, 'after the refused merge');
    },
  },
  {
    id: 'K09',
    title: 'no secret of the configuration is in messages, logs or errors',
    proves: 'Logs, `--json` and crash reports can be shown to anybody.',
    level: 'must',
    exempt: (subject) => (subject.secrets?.length ? undefined : 'its configuration has no secrets'),
    async run(subject) {
      const context = testContext();
      const { seen, note } = outcomes();
      for (const sink of [await subject.open(), await subject.openBroken?.()]) {
        if (sink === undefined) continue;
        await note(() => sink.check(context));
        await note(() => sink.inspect({ options: subject.options }, context));
        await note(() => sink.recover?.({ options: subject.options }, context));
        await note(() =>
          withWriter(sink, writeRequest(subject), async (writer) => [
            await writer.write(payload(subject), context),
            await writer.commit(meta('token-1'), context),
          ]),
        );
        await note(() => sink.inspect({ options: subject.options }, context));
      }
      ensureNoSecrets([...seen, context.text()], subject.secrets ?? []);
    },
  },
];
