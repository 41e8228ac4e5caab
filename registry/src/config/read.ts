import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeThrown, didYouMean } from '@vp/contracts';
import { parse, TomlError } from 'smol-toml';
import type * as z from 'zod';
import { errors } from '../errors.ts';
import { type RegistryConfig, type RegistrySettings, registryConfigSchema } from './schema.ts';

/** A configuration with its data folder as an absolute path. */
export interface ResolvedConfig extends RegistryConfig {
  readonly access: 'open' | 'authenticated';
}

export interface ConfigRequest {
  /** Read when it is there: `registry.toml` of the folder, unless named. One that is named must be there. */
  readonly configFile?: string | undefined;
  /** Instead of the file's `data`. */
  readonly dataDir?: string | undefined;
  /** Over the file's, key by key of the first level. */
  readonly settings?: RegistrySettings | undefined;
  /** Base of relative paths that come from no file. */
  readonly cwd?: string | undefined;
}

/** registry.toml, defaults and what the caller says, checked. */
export function readConfig(request: ConfigRequest): ResolvedConfig {
  const { dataDir, settings = {}, cwd = process.cwd() } = request;
  const file = resolve(cwd, request.configFile ?? 'registry.toml');
  const named = request.configFile !== undefined;
  const written = named || existsSync(file) ? readToml(file) : {};
  const place = named || existsSync(file) ? file : 'the settings';
  const result = registryConfigSchema.safeParse({ ...written, ...settings });
  if (!result.success) throw faultOf(result.error, place);
  const config = result.data;
  const base = settings.data === undefined && Object.hasOwn(written, 'data') ? dirname(file) : cwd;
  const data = dataDir === undefined ? resolve(base, config.data) : resolve(cwd, dataDir);
  return { ...config, data, access: config.access ?? (isLoopback(config.host) ? 'open' : 'authenticated') };
}

export const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

function readToml(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw errors.VP_REGISTRY_CONFIG({ place: file, problem: describeThrown(error) }, { cause: error });
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    const [, problem = error.message] = /^Invalid TOML document: ([^\n]*)/.exec(error.message) ?? [];
    throw errors.VP_REGISTRY_CONFIG(
      { place: `${file}:${line}:${column}`, problem },
      { at: { file, line, column } },
    );
  }
}

function faultOf(error: z.ZodError, place: string) {
  const [issue] = error.issues;
  if (issue === undefined) throw error;
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const within = path.length === 0 ? place : `[${path.join('.')}] of ${place}`;
    return errors.VP_REGISTRY_CONFIG_KEY({ key, place: within, suggestion: didYouMean(key, keysAt(path)) });
  }
  const [key] = path;
  const problem = `${path.join('.')}: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
  return errors.VP_REGISTRY_CONFIG({ place: key === undefined ? place : `${place}, ${key}`, problem });
}

/** The keys that there are, at a place of the file. */
function keysAt(path: readonly string[]): readonly string[] {
  if (path.length === 0) return Object.keys(registryConfigSchema.shape);
  const defaults: Readonly<Record<string, unknown>> = registryConfigSchema.parse({
    // It has none of its own.
    upstream: { url: 'http://localhost', token_env: '' },
  });
  const at = defaults[path[0] ?? ''];
  return typeof at === 'object' && at !== null ? Object.keys(at) : [];
}
