import { testContext } from '../../testing/test-context.ts';
import { schemaProblem } from '../data/check-schema.ts';
import { ensure, ensureNoSecrets, ensureSame, ensureVpError, notApplicable, outcomes } from '../ensure.ts';
import type { Law } from '../law.ts';
import { readAll, request, theStream, withRead } from './reading.ts';
import type { SourceSubject } from './subject.ts';

const shape = (fields: SourceSubject['schema']['fields']) =>
  fields.map(({ name, type, nullable }) => ({ name, type, nullable }));

/** Laws on what a source says about itself and its system. */
export const systemLaws: readonly Law<SourceSubject>[] = [
  {
    id: 'S01',
    title: 'check says yes to a system that works',
    proves: '`vp doctor` is green when a run would succeed.',
    level: 'must',
    async run(subject) {
      const report = await (await subject.open()).check(testContext());
      ensure(report.ok, `check says no: ${report.message}`);
      ensure(report.message.trim() !== '', 'check gives no message');
    },
  },
  {
    id: 'S02',
    title: 'check says no to a configuration that cannot work, and does not throw',
    proves: '`vp doctor` shows every broken connection with its fix, instead of ending at the first.',
    level: 'must',
    exempt: (subject) => (subject.openBroken ? undefined : 'no configuration of it can be wrong'),
    async run(subject) {
      const report = await (await subject.openBroken?.())?.check(testContext());
      ensure(report?.ok === false, 'check says yes');
      ensure(report.message.trim() !== '', 'check does not say what is wrong');
    },
  },
  {
    id: 'S03',
    title: 'a broken system fails reads with a VpError',
    proves: 'A failed run says what to do, and a retry happens exactly for what time can mend.',
    level: 'must',
    exempt: (subject) => (subject.openBroken ? undefined : 'no configuration of it can be wrong'),
    async run(subject) {
      const source = await subject.openBroken?.();
      if (source === undefined) return;
      const read = async () => {
        const { parts } = await source.read(request(subject), testContext());
        for (const part of parts) if (part.carrier === 'rows') for await (const _ of part.batches);
      };
      const error = await ensureVpError(read(), 'read');
      ensure(/^VP_[A-Z0-9_]+$/.test(error.code), `the code ${error.code} is not VP_ and upper-case words`);
    },
  },
  {
    id: 'S04',
    title: 'discover gives the same streams in the same order, also from another instance',
    proves: 'Plans and generated types do not change when nothing has changed.',
    level: 'must',
    async run(subject) {
      const first = await subject.open();
      const once = await first.discover({}, testContext());
      // At the same time too: what answers first may not stand first.
      const again = Array.from({ length: 8 }, () => first.discover({}, testContext()));
      for (const streams of await Promise.all(again)) ensureSame(streams, once, 'another discover');
      ensureSame(
        await (await subject.open()).discover({}, testContext()),
        once,
        'another instance’s discover',
      );
    },
  },
  {
    id: 'S05',
    title: 'every discovered stream is well-formed and offers rows',
    proves: 'Any stream can be read by any engine: `rows` is the format that everybody takes.',
    level: 'must',
    async run(subject) {
      const source = await subject.open();
      const streams = [...(await source.discover({}, testContext())), await theStream(subject, source)];
      for (const stream of streams) {
        const problem = schemaProblem(stream.schema);
        ensure(problem === undefined, `the schema of ${stream.name} is wrong: ${problem}`);
        ensure(stream.formats.includes('rows'), `${stream.name} offers ${stream.formats}, not rows`);
        ensure(
          new Set(stream.formats).size === stream.formats.length,
          `${stream.name} offers a format twice`,
        );
      }
    },
  },
  {
    id: 'S06',
    title: 'discover with options finds that stream, with its columns and types',
    proves: 'Types pulled from the source are those of the data.',
    level: 'must',
    async run(subject) {
      const stream = await theStream(subject, await subject.open());
      ensureSame(shape(stream.schema.fields), shape(subject.schema.fields), 'the discovered schema');
    },
  },
  {
    id: 'S07',
    title: 'discover with options that select nothing gives nothing',
    proves: 'A stream that is not there is told from a system that is down.',
    level: 'must',
    exempt: (subject) => (subject.missing ? undefined : 'no options select nothing'),
    async run(subject) {
      const streams = await (await subject.open()).discover(
        { options: subject.missing ?? {} },
        testContext(),
      );
      ensureSame(streams.length, 0, 'the number of streams');
    },
  },
  {
    id: 'S08',
    title: 'reading a stream that is not there fails with a VpError that is not retried',
    proves: 'A typo in a table name fails at once and says so.',
    level: 'must',
    exempt: (subject) => (subject.missing ? undefined : 'no options select nothing'),
    async run(subject) {
      const source = await subject.open();
      const wanted = request(subject, { options: subject.missing ?? {} });
      const drain = () =>
        withRead(source, wanted, async ({ parts }) => {
          for (const part of parts) if (part.carrier === 'rows') for await (const _ of part.batches);
        });
      const error = await ensureVpError(drain(), 'read');
      ensure(error.class !== 'transient', 'the error is transient: it would be retried for nothing');
    },
  },
  {
    id: 'S09',
    title: 'version is the same for the same data and another for other data',
    proves: 'Unchanged sources are skipped, changed ones never are.',
    level: 'must',
    exempt: (subject) => (subject.append && subject.moreRows ? undefined : 'the subject cannot append rows'),
    async run(subject) {
      const source = await subject.open();
      const version = async () => source.version?.({ options: subject.options }, testContext());
      const before = await version();
      if (before === undefined) notApplicable('it cannot tell versions');
      ensureSame(await version(), before, 'the second version');
      await readAll(subject, source);
      ensureSame(await version(), before, 'the version after a read');
      await subject.append?.(subject.moreRows ?? []);
      ensure((await version()) !== before, 'the version is the same after rows were added');
    },
  },
  {
    id: 'S10',
    title: 'no secret of the configuration is in messages, logs, schemas or errors',
    proves: 'Logs, `--json` and crash reports can be shown to anybody.',
    level: 'must',
    exempt: (subject) => (subject.secrets?.length ? undefined : 'its configuration has no secrets'),
    async run(subject) {
      const context = testContext();
      const { seen, note } = outcomes();
      for (const source of [await subject.open(), await subject.openBroken?.()]) {
        if (source === undefined) continue;
        await note(() => source.check(context));
        await note(() => source.discover({}, context));
        await note(() => source.version?.({ options: subject.options }, context));
        for (const options of [subject.options, subject.missing ?? subject.options]) {
          await note(() =>
            withRead(
              source,
              request(subject, { options }),
              async (read) => {
                for (const part of read.parts)
                  if (part.carrier === 'rows') for await (const _ of part.batches);
                return { schema: read.schema, splits: read.splits, state: await read.state() };
              },
              context,
            ),
          );
        }
      }
      ensureNoSecrets([...seen, context.text()], subject.secrets ?? []);
    },
  },
];
