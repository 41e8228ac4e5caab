import { alerterKit } from '../src/conformance/index.ts';
import { memoryAlerterSubject } from './fixtures/memory-alerter.ts';
import { proveKit } from './mutants.ts';

proveKit({
  kit: alerterKit,
  create: memoryAlerterSubject,
  elsewhere: ['A17', 'A18', 'A19'],
  mutants: {
    'check sends': ['A01'],
    'check throws': ['A02'],
    'check is silent': ['A02'],
    'sends again after success': ['A03', 'A11', 'A14'],
    'drops the text': ['A03'],
    'sends ten at most': ['A04'],
    'newest first': ['A04'],
    'sends nothing as something': ['A05'],
    'hides the state': ['A06'],
    'hides the severity': ['A07'],
    'sends control characters': ['A08'],
    'refuses long texts': ['A09'],
    'swallows refusals': ['A10'],
    'throws a bare error': ['A10'],
    'never retries': ['A11'],
    'ignores the abort': ['A12'],
    'ignores an aborted signal': ['A13'],
    'one at a time': ['A14'],
    'sorts the tags': ['A15'],
    'logs the token': ['A16'],
  },
});
