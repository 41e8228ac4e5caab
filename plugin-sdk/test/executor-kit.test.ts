import { executorKit } from '../src/conformance/index.ts';
import { memoryExecutorSubject } from './fixtures/memory-executor.ts';
import { proveKit } from './mutants.ts';

proveKit({
  kit: executorKit,
  create: memoryExecutorSubject,
  elsewhere: ['X22'],
  mutants: {
    'reports twice': ['X01'],
    'ignores the order': ['X02'],
    'stops at the first failure': ['X01', 'X03'],
    'runs what is blocked': ['X01', 'X03'],
    'runs what is skipped': ['X04'],
    'blocks after a skip': ['X04'],
    'counts from zero': ['X05'],
    'always retries once more': ['X06'],
    'retries anything': ['X07'],
    'retries silently': ['X08'],
    'delays by nothing known': ['X08'],
    'does not wait': ['X08'],
    'holds its slot': ['X09'],
    'does not stop what runs': ['X10'],
    'forgets what was cancelled': ['X10', 'X12'],
    'sleeps through the abort': ['X11'],
    'starts after the abort': ['X12', 'X23'],
    'one at a time': ['X13'],
    overruns: ['X14'],
    'knows no time-outs': ['X15'],
    'takes a time-out for a cancel': ['X15'],
    'lets rejections through': ['X16'],
    'makes its own results': ['X17'],
    'waits for nothing': ['X18'],
    recurses: ['X19'],
    'mixes runs': ['X20'],
    'comes too early': ['X21'],
  },
});
