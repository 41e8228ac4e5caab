import { existsSync, globSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { describeThrown } from '@vp/contracts';
import * as z from 'zod';
import { errors } from './errors.ts';
import type { FoundPackage } from './plugin-package.ts';

const target = z.union([
  z.string(),
  z.looseObject({ default: z.string() }).transform((each) => each.default),
]);
const exportsSchema = z.looseObject({ './conformance': target });
const sources = ['conformance.ts', 'conformance.js', 'src/conformance.ts', 'src/conformance.js'];

/**
 * The module with a package's subjects: what it exports as `./conformance` (that is built and shipped),
 * else `conformance.ts` at its root or in `src`.
 *
 * @throws VpError `VP_KIT_NO_SUBJECTS`, `VP_KIT_NOT_BUILT`
 */
export function subjectsModule({ directory, package: pack, raw }: FoundPackage): string {
  const exported = exportsSchema.safeParse(raw.exports);
  if (exported.success) {
    const file = join(directory, exported.data['./conformance']);
    if (existsSync(file)) return file;
    throw errors.VP_KIT_NOT_BUILT({ plugin: pack.name, file: relative(process.cwd(), file) });
  }
  const found = sources.map((file) => join(directory, file)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw errors.VP_KIT_NO_SUBJECTS({ plugin: pack.name, looked: ['conformance.ts', 'src/conformance.ts'] });
}

/** The runner of the kits that the plugin itself is written against. @throws VpError `VP_KIT_NO_SDK` */
export function kitRunner({ directory, package: pack }: FoundPackage): string {
  try {
    return createRequire(join(directory, 'package.json')).resolve('@vp/plugin-sdk/conformance/runner');
  } catch (cause) {
    const reason = describeThrown(cause).split('\n')[0] ?? '';
    throw errors.VP_KIT_NO_SDK({ plugin: pack.name, directory, reason }, { cause });
  }
}

/** A source that is newer than everything that was built: then something else is proved than what runs. */
export function newerSource({ directory, package: pack }: FoundPackage): string | undefined {
  const built = join(directory, dirname(pack.vp.entry));
  if (built === directory || !existsSync(built)) return undefined;
  const time = (folder: string, file: string) => statSync(join(folder, file)).mtimeMs;
  // A build that changes nothing leaves its files, and notes that it has looked.
  const last = Math.max(
    0,
    ...globSync('**/*.{js,tsbuildinfo}', { cwd: built }).map((file) => time(built, file)),
  );
  const sources = globSync('src/**/*.ts', { cwd: directory, exclude: ['**/*.test.ts', '**/*.test-d.ts'] });
  return sources.find((file) => time(directory, file) > last);
}
