import { transformKit } from '../src/conformance/index.ts';
import { memoryTransformSubject } from './fixtures/memory-transform.ts';
import { proveKit } from './mutants.ts';

proveKit({
  kit: transformKit,
  create: memoryTransformSubject,
  elsewhere: ['T16', 'T17'],
  mutants: {
    'takes no rows': ['T01'],
    'changes its mind': ['T01'],
    'gives wrong values': ['T02', 'T04'],
    'gives other columns': ['T03'],
    'gives values of another type': ['T03'],
    'loses the last row of a batch of three': ['T04'],
    'keeps batches': ['T05'],
    'another format loses NULL': ['T06'],
    'fails without rows': ['T07'],
    'takes a broken input for its end': ['T08'],
    'hides the error of the input': ['T08'],
    'throws what the code threw': ['T09'],
    'hides what was thrown': ['T09'],
    'retries the user’s mistakes': ['T09'],
    'ignores the abort': ['T10', 'T18'],
    'ignores an aborted signal': ['T11'],
    'reads ahead': ['T12'],
    'leaks its inputs': ['T13'],
    'mixes runs': ['T14'],
    'close hangs': ['T15'],
    'close twice throws': ['T15'],
  },
});
