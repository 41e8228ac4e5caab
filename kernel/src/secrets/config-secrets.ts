import {
  isSecretRef,
  isVpError,
  type Secret,
  type SecretRef,
  type VpError,
  withErrorContext,
} from '@vp/contracts';
import { type ConfigPlace, formatKey, isSecretKey } from '../config/index.ts';
import { errors } from './errors.ts';
import type { Redactor } from './redactor.ts';

export interface ConfigSecretsInit {
  /** Validated configuration of one contribution. */
  readonly value: unknown;
  /** Where it stands: `['connections', 'shop']`. */
  readonly path: readonly string[];
  /** `permissions.secrets` of the plugin: `config.password`; what lies beneath a key is meant too. */
  readonly keys: readonly string[];
  place(path: readonly string[]): ConfigPlace;
}

/** `value` with each secret reference replaced by a `Secret`. */
export async function withSecrets(
  init: ConfigSecretsInit & { get(ref: SecretRef): Promise<Secret> },
): Promise<unknown> {
  const { path, keys, place, get } = init;
  return replace(init.value, [], async (text, inner) => {
    const full = [...path, ...inner];
    const where = place(full);
    const { text: _, ...at } = where;
    const key = formatKey(full);
    if (!isSecretRef(text)) {
      if (!text.includes('secret://')) return text;
      const problem = `${key} (${where.text}) has other text around it`;
      throw errors.VP_SECRET_BAD_REFERENCE({ ref: text.slice(text.indexOf('secret://')), problem }, { at });
    }
    if (!isListed(inner, keys))
      throw errors.VP_SECRET_NOT_ALLOWED({ ref: text, key, place: where.text }, { at });
    try {
      return await get(text);
    } catch (error) {
      if (!isVpError(error)) throw error;
      throw withErrorContext(wanted(error, text, key), { at }, error);
    }
  });
}

/** Says which key needs the secret that is missing. */
function wanted(error: VpError, ref: string, key: string): VpError {
  if (error.code !== 'VP_SECRET_NOT_FOUND') return error;
  const { plugin } = error;
  return errors.VP_SECRET_NOT_FOUND(
    { ref, provider: plugin ?? 'The provider', wanted: `, which ${key} needs` },
    { plugin },
  );
}

/**
 * Secrets that are written out at keys where the plugin expects one, as warnings. The redactor
 * knows them from now on.
 */
export function literalSecrets(
  init: ConfigSecretsInit & { readonly redactor: Redactor },
): readonly VpError[] {
  const found: VpError[] = [];
  walk(init.value, [], (text, inner) => {
    if (text === '' || isSecretRef(text) || !isMeantToBeSecret(inner, init.keys)) return;
    init.redactor.add(text);
    const full = [...init.path, ...inner];
    const { text: place, ...at } = init.place(full);
    found.push(errors.VP_SECRET_LITERAL({ key: formatKey(full), place }, { at }));
  });
  return found;
}

/** Beneath a listed table (`config.headers`) not everything is a secret: `Content-Type` is none. */
function isMeantToBeSecret(path: readonly string[], keys: readonly string[]): boolean {
  if (keys.includes(`config.${path.join('.')}`)) return true;
  const name = path.at(-1) ?? '';
  return isListed(path, keys) && (isSecretKey(name) || /authorization|cookie/i.test(name));
}

/** Whether a plugin lists the key, or a table around it, among its secrets. */
export function isListed(path: readonly string[], keys: readonly string[]): boolean {
  const key = `config.${path.join('.')}`;
  return keys.some((each) => key === each || key.startsWith(`${each.replace(/\.\*$/, '')}.`));
}

async function replace(
  value: unknown,
  path: readonly string[],
  change: (text: string, path: readonly string[]) => Promise<unknown>,
): Promise<unknown> {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) {
    return Promise.all(value.map((inner, index) => replace(inner, [...path, String(index)], change)));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, inner]) => [
    key,
    await replace(inner, [...path, key], change),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

function walk(
  value: unknown,
  path: readonly string[],
  visit: (text: string, path: readonly string[]) => void,
): void {
  if (typeof value === 'string') visit(value, path);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key], visit);
  }
}
