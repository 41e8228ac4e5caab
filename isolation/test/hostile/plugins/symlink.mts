import fs from 'node:fs';
import { hostile } from './hostile.mts';
export default hostile(() => {
  fs.symlinkSync('/etc', `${process.env.TMPDIR}/etc`);
  return fs.readFileSync(`${process.env.TMPDIR}/etc/passwd`, 'utf8');
});
