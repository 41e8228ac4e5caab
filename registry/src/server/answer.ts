import type { IncomingMessage, ServerResponse } from 'node:http';
import { isVpError, type VpError } from '@vp/contracts';
import { errors } from '../errors.ts';
import type { RouteAnswer } from '../routes.ts';

export function send(response: ServerResponse, answer: RouteAnswer): void {
  const { status = 200, headers = {}, body } = answer;
  const plain = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = plain ? Buffer.from(body) : Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, {
    'content-type': plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': bytes.length,
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

const statuses: Readonly<Record<string, number>> = {
  VP_REGISTRY_TOKEN_MISSING: 401,
  VP_REGISTRY_TOKEN_INVALID: 401,
  VP_REGISTRY_LOGIN: 401,
  VP_REGISTRY_FORBIDDEN: 403,
  VP_REGISTRY_IMMUTABLE: 403,
  // Not 409: npm would fetch the document and try once more.
  VP_REGISTRY_VERSION_EXISTS: 403,
  VP_REGISTRY_NO_ROUTE: 404,
  VP_REGISTRY_TOO_LARGE: 413,
  VP_REGISTRY_HOST: 421,
  VP_REGISTRY_BAD_REQUEST: 400,
  VP_REGISTRY_SLOW_DOWN: 429,
  VP_REGISTRY_DISK_FULL: 507,
  VP_REGISTRY_UPSTREAM_SLOW: 504,
};

/** A token, or for browsers the token as a password. */
const challenge = 'Bearer, Basic realm="VibePiper registry", charset="UTF-8"';

/** An error as npm prints it (`error`) and as vp reads it (`code`, `hint`). */
export function errorAnswer(error: VpError): RouteAnswer {
  const { code, message, hint } = error;
  const status = statuses[code] ?? (code.endsWith('_UNKNOWN') ? 404 : error.class === 'user' ? 422 : 500);
  // What caused it may name paths of this machine: that is for the log.
  const { cause: _, ...shown } = error.toJSON();
  const text = `${message}${hint === undefined ? '' : ` ${hint}`} [${code}]`;
  return {
    status,
    headers: status === 401 ? { 'www-authenticate': challenge } : {},
    body: { error: text, reason: message, ...shown },
  };
}

/** What was thrown, as an error that may be shown; what is unknown goes to `report` with an id. */
export function shownError(thrown: unknown, report: (id: string, thrown: unknown) => void): VpError {
  if (isVpError(thrown)) return thrown;
  const id = Math.random().toString(36).slice(2, 10);
  report(id, thrown);
  return errors.VP_REGISTRY_INTERNAL({ id });
}

/** A request's body, up to a limit. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const said = Number(request.headers['content-length'] ?? 0);
  const tooLarge = (size?: number) => errors.VP_REGISTRY_TOO_LARGE({ what: 'The request', size, limit });
  if (said > limit) throw tooLarge(said);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function readJson(read: (limit: number) => Promise<Buffer>, limit: number): Promise<unknown> {
  const bytes = await read(limit);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw errors.VP_REGISTRY_BAD_REQUEST({ problem: 'its body is not JSON' }, { cause: error });
  }
}
