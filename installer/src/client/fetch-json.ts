import { describeThrown, type VpError } from '@vp/contracts';
import type * as z from 'zod';
import type { NpmOptions } from '../npm/options.ts';
import { readBody, tooLarge } from '../npm/read-body.ts';
import { errors } from './errors.ts';

export interface JsonRequest<T extends z.ZodType> {
  readonly options: NpmOptions;
  /** Base URL of the registry. */
  readonly registry: string;
  /** Relative to it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly schema: T;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole answer, tries included. */
  readonly within: number;
  /** Another form of the document; plain JSON unless told. */
  readonly accept?: string;
}

export interface JsonAnswer<T> {
  readonly value: T;
  /** When it was fetched, if the registry did not answer and npm's cache did. */
  readonly staleSince?: string;
}

/** More than any document that is meant for us. */
const mostBytes = 256 * 1024 * 1024;

/** What a GET of a registry answers, checked; `undefined` for "there is no such thing". */
export async function fetchJson<T extends z.ZodType>(
  request: JsonRequest<T>,
): Promise<JsonAnswer<z.infer<T>> | undefined> {
  const { options, registry, path, query, schema, signal, within, accept = 'application/json' } = request;
  const { default: fetch } = await import('npm-registry-fetch');
  const deadline = AbortSignal.timeout(within);
  const abort = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  let text: string;
  let staleSince: string | undefined;
  try {
    const response = await fetch(`${registry}${path}`, {
      ...options,
      registry,
      preferOnline: true,
      headers: { accept },
      signal: abort,
      ...(query === undefined ? {} : { query }),
    });
    if (response.headers.get('x-local-cache-status') === 'stale')
      staleSince = response.headers.get('x-local-cache-time') ?? 'an unknown time';
    text = (await readBody(response.body, { signal: abort, most: mostBytes })).toString('utf8');
    abort.throwIfAborted();
  } catch (error) {
    signal?.throwIfAborted();
    if (facts(error).statusCode === 404 || facts(error).statusCode === 405) return undefined;
    throw registryFault({ error, registry, document: path, late: deadline.aborted, within });
  }
  const value = checked({ text, schema, registry, document: path });
  return staleSince === undefined ? { value } : { value, staleSince };
}

function checked<T extends z.ZodType>(answer: {
  readonly text: string;
  readonly schema: T;
  readonly registry: string;
  readonly document: string;
}): z.infer<T> {
  const { text, schema, registry, document } = answer;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const problem = `no JSON (${describeThrown(error)})`;
    throw errors.VP_REGISTRY_BAD_ANSWER({ registry, document, problem }, { cause: error });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const problem = `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not valid'}`;
  throw errors.VP_REGISTRY_BAD_ANSWER({ registry, document, problem });
}

interface FetchFacts {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly type?: unknown;
}

const facts = (error: unknown): FetchFacts => (typeof error === 'object' && error !== null ? error : {});

/** What the fault of npm's fetch means to whoever asked. Its own texts may hold a token: they are not repeated. */
export function registryFault(fault: {
  readonly error: unknown;
  readonly registry: string;
  readonly document: string;
  readonly late: boolean;
  readonly within: number;
}): VpError {
  const { error: cause, registry, late, within } = fault;
  const document = fault.document.replaceAll(/%2f/gi, '/');
  if (late) return errors.VP_REGISTRY_SLOW({ registry, document, seconds: Math.ceil(within / 1000) });
  const { code, statusCode, type } = facts(cause);
  const name = typeof code === 'string' ? code : '';
  if (statusCode === 401) return errors.VP_REGISTRY_LOGIN_NEEDED({ registry, document });
  if (statusCode === 403) return errors.VP_REGISTRY_NO_ACCESS({ registry, document });
  if (typeof statusCode === 'number') {
    const { said, next } = wordsOf(cause);
    if (said !== '' && (statusCode === 400 || statusCode === 422))
      return errors.VP_REGISTRY_REFUSED({ registry, said, next });
    return errors.VP_REGISTRY_FAILED({ registry, document, status: statusCode, said });
  }
  if (name === tooLarge)
    return errors.VP_REGISTRY_BAD_ANSWER({ registry, document, problem: describeThrown(cause) });
  if (name === 'ENOTCACHED') return errors.VP_REGISTRY_NOT_CACHED({ registry, document });
  if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL/.test(name)) return errors.VP_REGISTRY_TLS({ registry, cause: name });
  if (type === 'invalid-redirect' || type === 'max-redirect')
    return errors.VP_REGISTRY_BAD_ANSWER({ registry, document, problem: 'a redirection that leads nowhere' });
  const said = reasons[name] ?? (name === '' ? describeThrown(cause) : name);
  return errors.VP_REGISTRY_UNREACHABLE({ registry, cause: said });
}

/** What a registry says of its refusal, in one line that is not too long: a registry of ours says it well. */
function wordsOf(cause: unknown): { readonly said: string; readonly next: string } {
  const body: unknown =
    typeof cause === 'object' && cause !== null && 'body' in cause ? cause.body : undefined;
  if (typeof body !== 'object' || body === null) return { said: '', next: '' };
  const line = (text: unknown) =>
    typeof text === 'string'
      ? text
          .replaceAll(/\p{Cc}+/gu, ' ')
          .trim()
          .slice(0, 400)
      : '';
  return {
    said: line('reason' in body ? body.reason : 'error' in body ? body.error : undefined),
    next: line('hint' in body ? body.hint : undefined),
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENODATA: 'its answer is empty (ENODATA)',
  FETCH_ERROR: 'it does not answer, or breaks off (FETCH_ERROR)',
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: 'it closed the connection (ECONNRESET)',
  ENOTFOUND: 'its name is not known (ENOTFOUND)',
  EAI_AGAIN: 'its name cannot be looked up now (EAI_AGAIN)',
  ENETUNREACH: 'there is no route to it (ENETUNREACH)',
  EHOSTUNREACH: 'there is no route to it (EHOSTUNREACH)',
  ETIMEDOUT: 'it does not answer (ETIMEDOUT)',
  ECONNECTIONTIMEOUT: 'no connection in time (ECONNECTIONTIMEOUT)',
  EIDLETIMEOUT: 'it fell silent (EIDLETIMEOUT)',
  ERESPONSETIMEOUT: 'it does not answer (ERESPONSETIMEOUT)',
  ETRANSFERTIMEOUT: 'its answer takes too long (ETRANSFERTIMEOUT)',
};
