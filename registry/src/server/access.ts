import type { IncomingMessage } from 'node:http';
import { isVpError } from '@vp/contracts';
import { errors } from '../errors.ts';
import type { Caller, Role } from '../routes.ts';
import type { Users } from '../users/users.ts';

const ranks: Readonly<Record<Role, number>> = { reader: 0, publisher: 1, admin: 2 };

/** Refuses who may not do `what`. */
export function needRole(caller: Caller | undefined, needs: Role, what: string): Caller {
  if (caller === undefined) throw errors.VP_REGISTRY_TOKEN_MISSING({ what });
  const { name: user, role } = caller;
  if (ranks[role] < ranks[needs]) throw errors.VP_REGISTRY_FORBIDDEN({ what, user, role, needs });
  return caller;
}

/**
 * The token of a request. A browser, which asks its user for a name and a password, sends it as the
 * password; for reading alone, because a browser sends it with the forms of other people's pages too.
 */
function tokenOf({ method }: IncomingMessage, authorization: string): string | undefined {
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(authorization) ?? [];
  if (bearer !== undefined || (method !== 'GET' && method !== 'HEAD')) return bearer;
  const [, basic] = /^Basic\s+(\S+)$/i.exec(authorization) ?? [];
  if (basic === undefined) return undefined;
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** Who sends a request, by its token; nobody without one. */
export function createCallerOf(init: {
  readonly users: Users;
  readonly failures: FailureLimit;
}): (request: IncomingMessage) => Caller | undefined {
  const { users, failures } = init;
  return (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const token = tokenOf(request, authorization);
    const address = request.socket.remoteAddress ?? '';
    failures.check(address);
    try {
      if (token === undefined)
        throw errors.VP_REGISTRY_TOKEN_INVALID({
          why: 'it does not come as "Authorization: Bearer <token>"',
        });
      const { name, role } = users.callerOf(token);
      return { name, role };
    } catch (error) {
      if (isVpError(error)) failures.count(address);
      throw error;
    }
  };
}

/** Makes who guesses wait: so many failures a minute and address. */
export interface FailureLimit {
  check(address: string): void;
  count(address: string): void;
}

export function createFailureLimit(limit: number, now: () => number = Date.now): FailureLimit {
  const windowMs = 60_000;
  const failures = new Map<string, { count: number; since: number }>();
  return {
    check(address) {
      const found = failures.get(address);
      if (found === undefined) return;
      const left = found.since + windowMs - now();
      if (left <= 0) failures.delete(address);
      else if (found.count >= limit)
        throw errors.VP_REGISTRY_SLOW_DOWN({ seconds: Math.ceil(left / 1000) }, { retryAfterMs: left });
    },
    count(address) {
      const found = failures.get(address) ?? { count: 0, since: now() };
      found.count++;
      failures.set(address, found);
      // Bounded, whatever addresses there are: the oldest is forgotten.
      const [oldest] = failures.keys();
      if (failures.size > 10_000 && oldest !== undefined) failures.delete(oldest);
    },
  };
}
