import { parseEnv } from 'node:util';
import { describeThrown, type Logger, type Paths } from '@vp/plugin-sdk';
import type { AuthEnvConfig } from './config.ts';
import { errors } from './errors.ts';
import { isExposed, warnOfReaders } from './exposure.ts';
import { readSmallFile } from './read-file.ts';

export interface EnvSecretsInit {
  readonly config: AuthEnvConfig;
  readonly paths: Paths;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** `secret://env/NAME`: from the environment, else from the project's .env file. */
export function envSecrets({ config, paths, variables }: EnvSecretsInit) {
  let file: Promise<Readonly<Record<string, string | undefined>>> | undefined;
  return async (name: string, ref: string, logger: Logger): Promise<string | undefined> => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw errors.VP_AUTH_ENV_BAD_REFERENCE({ ref, problem: `"${name}" is no name of a variable` });
    }
    // An empty variable is how shells and CI systems say that there is none.
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined && value !== '') return value;
    if (config.env_file === false) return undefined;
    file ??= readEnvFile(paths.resolve(config.env_file ?? '.env'), logger, config.world_readable);
    const found = await file.catch((error: unknown) => {
      file = undefined;
      throw error;
    });
    return Object.hasOwn(found, name) ? found[name] : undefined;
  };
}

async function readEnvFile(
  path: string,
  logger: Logger,
  handling: AuthEnvConfig['world_readable'],
): Promise<Readonly<Record<string, string | undefined>>> {
  const fail = (problem: string, cause?: unknown) =>
    errors.VP_AUTH_ENV_UNREADABLE({ what: 'The .env file', path, problem }, { at: { file: path }, cause });
  const file = await readSmallFile(path).catch((cause: unknown) => {
    throw fail(describeThrown(cause), cause);
  });
  if (file === undefined) return {};
  if (file.text === undefined) throw fail(file.isFile ? `it has ${file.bytes} bytes` : 'it is no file');
  // Editors and `git` make it so, and it is no reason to keep anybody from a first run.
  if (isExposed(file.mode) && handling !== 'allow') warnOfReaders(path, file.mode, logger);
  return parseEnv(file.text);
}
