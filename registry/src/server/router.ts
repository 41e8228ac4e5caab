import type { Role, Route, RouteAnswer, RouteRequest } from '../routes.ts';

export interface GuardedRequest extends RouteRequest {
  /** Where it comes from. */
  readonly address: string;
}

/** A route of the registry itself: it may ask for a role. */
export interface GuardedRoute extends Omit<Route, 'handle'> {
  /** Who may use it; who may read, unless told. */
  readonly needs?: Role;
  /** What it does, as a refusal calls it: `Publishing`. */
  readonly what?: string;
  handle(request: GuardedRequest): RouteAnswer | Promise<RouteAnswer>;
}

/** A request that found its route. */
export interface Matched {
  readonly route: GuardedRoute;
  readonly rest: string;
}

/** The first route for a path. GET routes answer HEAD too. */
export function match(
  routes: readonly GuardedRoute[],
  request: { readonly method: string; readonly pathname: string },
): Matched | undefined {
  const { pathname } = request;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  for (const route of routes) {
    if (route.method !== method) continue;
    if (!route.path.endsWith('*')) {
      if (route.path === pathname) return { route, rest: '' };
      continue;
    }
    const prefix = route.path.slice(0, -1);
    if (!pathname.startsWith(prefix)) continue;
    const rest = decode(pathname.slice(prefix.length));
    if (rest !== undefined) return { route, rest };
  }
  return undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % is no path of ours.
    return undefined;
  }
}
