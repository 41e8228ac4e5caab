import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { describeThrown, type Logger, type Paths } from '@vp/plugin-sdk';
import type { AuthEnvConfig } from './config.ts';
import { errors } from './errors.ts';
import { isExposed, warnOfReaders } from './exposure.ts';
import { errorCode, readSmallFile } from './read-file.ts';

/** `secret://file/<path>`: the content of a file of the project, without one newline at its end. */
export function fileSecrets({ config, paths }: { readonly config: AuthEnvConfig; readonly paths: Paths }) {
  return async (name: string, ref: string, logger: Logger): Promise<string | undefined> => {
    if (name.includes('\0')) throw errors.VP_AUTH_ENV_BAD_REFERENCE({ ref, problem: 'it holds a NUL' });
    const root = paths.resolve(config.root ?? '.');
    const path = resolve(root, name);
    const outside = () => errors.VP_AUTH_ENV_OUTSIDE({ ref, root });
    if (isAbsolute(name) || !isInside(root, path)) throw outside();
    const real = await realPath(path);
    if (real === undefined) return undefined;
    // A link inside the project must not lead to what the deployment did not grant.
    if (!isInside((await realPath(root)) ?? root, real)) throw outside();
    const file = await readSmallFile(real).catch((cause: unknown) => {
      throw errors.VP_AUTH_ENV_UNREADABLE({ what: ref, path, problem: describeThrown(cause) }, { cause });
    });
    if (file === undefined) return undefined;
    if (!file.isFile) throw errors.VP_AUTH_ENV_UNREADABLE({ what: ref, path, problem: 'it is no file' });
    if (file.text === undefined) throw errors.VP_AUTH_ENV_TOO_LARGE({ ref, bytes: file.bytes });
    const handling = config.world_readable ?? 'refuse';
    if (isExposed(file.mode) && handling !== 'allow') {
      if (handling === 'refuse') throw errors.VP_AUTH_ENV_EXPOSED({ ref, path, mode: file.mode.toString(8) });
      warnOfReaders(path, file.mode, logger);
    }
    return file.text.replace(/\r?\n$/, '');
  };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function realPath(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw errors.VP_AUTH_ENV_UNREADABLE(
      { what: path, path, problem: describeThrown(error) },
      { cause: error },
    );
  }
}
