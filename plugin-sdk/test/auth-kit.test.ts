import { authKit } from '../src/conformance/index.ts';
import { memoryAuthSubject } from './fixtures/memory-auth.ts';
import { proveKit } from './mutants.ts';

proveKit({
  kit: authKit,
  create: memoryAuthSubject,
  elsewhere: ['U15', 'U16'],
  mutants: {
    'lacks a method': ['U01'],
    'check is silent': ['U02'],
    'another id each time': ['U03'],
    'forgets groups': ['U03'],
    'throws at a wrong token': ['U04'],
    'knows everybody with a password': ['U04'],
    'lets empty tokens in': ['U05'],
    'refuses all': ['U06'],
    'gives no reason': ['U06'],
    'allows what it does not know': ['U07'],
    trims: ['U08'],
    'throws at a missing secret': ['U09'],
    'gives empty text for missing': ['U09'],
    'answers for other schemes': ['U10'],
    'leads out': ['U11'],
    'logs tokens': ['U12'],
    'logs secrets': ['U12'],
    'mixes calls': ['U13'],
    'ignores an aborted signal': ['U14'],
  },
});
