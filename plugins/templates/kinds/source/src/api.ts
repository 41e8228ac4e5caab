import { describeThrown } from '@vp/plugin-sdk';
import type { ApiRecord } from './columns.ts';
import { baseUrl, type {{class}}Config, tokenOf } from './config.ts';
import { errors } from './errors.ts';

const timeoutMs = 30_000;

/** The two calls of the API that are needed. */
export function createApi(config: {{class}}Config) {
  const url = baseUrl(config);

  async function get(path: string, signal: AbortSignal): Promise<Response> {
    try {
      return await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${tokenOf(config)}` },
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
    } catch (cause) {
      // Whoever aborted the call wants to see their own reason.
      signal.throwIfAborted();
      throw errors.VP_{{code}}_UNREACHABLE({ url, problem: describeThrown(cause) }, { cause });
    }
  }

  async function json(path: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined> {
    const response = await get(path, signal);
    const { status } = response;
    if (status === 404) return undefined;
    if (status === 401 || status === 403) throw errors.VP_{{code}}_UNAUTHORIZED({ url });
    if (status === 429 || status >= 500) {
      const seconds = Number(response.headers.get('retry-after'));
      const wait = seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
      throw errors.VP_{{code}}_UNREACHABLE({ url, problem: `status ${status}` }, wait);
    }
    if (!response.ok) throw errors.VP_{{code}}_ANSWER({ url, problem: `status ${status}` });
    let body: unknown;
    try {
      body = await response.json();
    } catch (cause) {
      signal.throwIfAborted();
      throw errors.VP_{{code}}_ANSWER({ url, problem: 'what is not JSON' }, { cause });
    }
    if (typeof body === 'object' && body !== null) return { ...body };
    throw errors.VP_{{code}}_ANSWER({ url, problem: 'no JSON object' });
  }

  return {
    url,
    async collections(signal: AbortSignal): Promise<readonly string[]> {
      const answer = await json('/collections', signal);
      const names = answer?.collections;
      if (!Array.isArray(names)) throw errors.VP_{{code}}_ANSWER({ url, problem: 'no list of collections' });
      return names.map(String).sort();
    },
    /** Records after a position, oldest first; an empty page is the end. */
    async page(
      request: { readonly collection: string; readonly after: string },
      signal: AbortSignal,
    ): Promise<readonly ApiRecord[]> {
      const { collection, after } = request;
      const query = new URLSearchParams({ after, limit: String(config.page_size ?? 1000) });
      const answer = await json(`/collections/${encodeURIComponent(collection)}?${query}`, signal);
      if (answer === undefined) throw errors.VP_{{code}}_COLLECTION({ url, collection });
      if (!Array.isArray(answer.records))
        throw errors.VP_{{code}}_ANSWER({ url, problem: 'a page without records' });
      return answer.records;
    },
  };
}
