import type { IncomingMessage } from 'node:http';
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
export function callerOf(users: Users, request: IncomingMessage): Caller | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  const token = tokenOf(request, authorization);
  if (token === undefined)
    throw errors.VP_REGISTRY_TOKEN_INVALID({ why: 'it does not come as "Authorization: Bearer <token>"' });
  const { name, role } = users.callerOf(token);
  return { name, role };
}

/**
 * Makes who guesses a password wait: so many failures a minute. Counted by user and address, for behind a
 * proxy all come from one. Tokens are too long to be guessed and are not counted: a wrong one locks nobody out.
 */
export interface FailureLimit {
  check(who: string): void;
  count(who: string): void;
}

export function createFailureLimit(limit: number, now: () => number = Date.now): FailureLimit {
  const windowMs = 60_000;
  const failures = new Map<string, { count: number; since: number }>();
  return {
    check(who) {
      const found = failures.get(who);
      if (found === undefined) return;
      const left = found.since + windowMs - now();
      if (left <= 0) failures.delete(who);
      else if (found.count >= limit)
        throw errors.VP_REGISTRY_SLOW_DOWN({ seconds: Math.ceil(left / 1000) }, { retryAfterMs: left });
    },
    count(who) {
      const found = failures.get(who) ?? { count: 0, since: now() };
      found.count++;
      failures.set(who, found);
      // Bounded, whatever names there are: the oldest is forgotten.
      const [oldest] = failures.keys();
      if (failures.size > 10_000 && oldest !== undefined) failures.delete(oldest);
    },
  };
}
