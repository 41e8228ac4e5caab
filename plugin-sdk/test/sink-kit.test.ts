import { expect, test } from 'vitest';
import { runConformance, sinkKit } from '../src/conformance/index.ts';
import { memorySinkSubject } from './fixtures/memory-sink.ts';
import { proveKit } from './mutants.ts';

proveKit({
  kit: sinkKit,
  create: memorySinkSubject,
  // K07 needs a sink without all modes: see below. The others a destination that can be made to
  // misbehave: the warehouse of the seeded bugs is one.
  inapplicable: ['K07', 'K30', 'K32', 'K38'],
  elsewhere: ['K30', 'K31', 'K32', 'K33', 'K34', 'K35', 'K36', 'K37', 'K38', 'K39', 'K40'],
  mutants: {
    'check says no': ['K01'],
    'check creates the table': ['K01'],
    'check always says yes': ['K02'],
    'check throws': ['K02'],
    'throws a bare error': ['K03'],
    'accepts no rows': ['K04'],
    'inspect creates the table': ['K04'],
    'shortens the meta': ['K05'],
    'loses the state': ['K05', 'K18', 'K21'],
    'forgets the schema': ['K06'],
    'forgets a column': ['K06'],
    'accepts any mode': ['K07'],
    'merges without a key': ['K08'],
    'logs the password': ['K09'],
    'rounds int64': ['K10'],
    'takes empty text for NULL': ['K10'],
    'cuts microseconds': ['K10'],
    'counts wrong': ['K11'],
    'another format rounds': ['K12'],
    'replace appends': ['K13'],
    'append replaces': ['K14', 'K18'],
    'merge appends': ['K15'],
    'merge drops the rest': ['K15'],
    'merge keeps old values for NULL': ['K15'],
    'an empty replace does nothing': ['K16'],
    'parallel writes overwrite': ['K17'],
    'keeps what is staged after a commit': ['K18'],
    'writes through': ['K19', 'K20', 'K24'],
    'creates the table at open': ['K19'],
    'close commits': ['K20', 'K21'],
    'close leaves staging': ['K10', 'K20'],
    'close drops the table': ['K21'],
    'commits twice': ['K22', 'K23'],
    'ignores the abort': ['K24'],
    'takes a broken payload for a whole one': ['K25'],
    'hides the producer’s error': ['K25'],
    'write ignores an aborted signal': ['K26'],
    'commit ignores an aborted signal': ['K26'],
    'recover does nothing': ['K27'],
    'recover says nothing': ['K27'],
    'recover drops the table': ['K27'],
    'recover invents': ['K27'],
    'close twice throws': ['K28'],
    'close hangs': ['K28'],
    'commits when overtaken': ['K29'],
    'bytes keep it': ['K41'],
  },
});

test('a sink that only replaces keeps the laws that apply to it', async () => {
  const { ok, laws } = await runConformance(sinkKit, { create: () => memorySinkSubject('only replace') });
  expect(ok).toBe(true);
  expect(laws.filter((law) => law.outcome === 'exempt').map((law) => law.id)).toEqual([
    'K08',
    'K14',
    'K15',
    'K18',
    'K30',
    'K32',
    'K37',
    'K38',
  ]);
});
