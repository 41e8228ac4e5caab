import fs from 'node:fs';
import { createRequire } from 'node:module';
import { hostile } from './hostile.mts';

export default hostile(() => {
  const file = `${process.env.TMPDIR}/evil.node`;
  fs.copyFileSync(import.meta.filename, file);
  return createRequire(import.meta.url)(file);
});
