import { validatorKit } from '../src/conformance/index.ts';
import { memoryValidatorSubject } from './fixtures/memory-validator.ts';
import { proveKit } from './mutants.ts';

proveKit({
  kit: validatorKit,
  create: memoryValidatorSubject,
  elsewhere: ['V19', 'V20'],
  mutants: {
    'rules without a description': ['V01'],
    'a rule twice': ['V01'],
    'rules come and go': ['V01'],
    'counts only one': ['V02'],
    'drops a result': ['V02', 'V03'],
    'sorts by name': ['V03'],
    'finds nothing alone': ['V04'],
    'makes warnings errors': ['V05'],
    'says nothing': ['V05'],
    'throws at an unknown rule': ['V06'],
    'passes an unknown rule': ['V06'],
    'passes an unknown column': ['V07'],
    'passes over options': ['V08'],
    'passes when it cannot look': ['V09'],
    'shows all rows': ['V10'],
    'shows good rows': ['V11'],
    'shows pii': ['V12'],
    'shows bigints': ['V13'],
    'looks at the data for nothing': ['V14'],
    'leaves queries open': ['V15'],
    'mixes validations': ['V16'],
    'ignores the abort': ['V17'],
    'ignores an aborted signal': ['V18'],
  },
});
