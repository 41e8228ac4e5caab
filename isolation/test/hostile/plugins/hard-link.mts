import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(() => {
  fs.linkSync('/etc/passwd', `${process.env.TMPDIR}/passwd`);
  return fs.readFileSync(`${process.env.TMPDIR}/passwd`, 'utf8');
});
