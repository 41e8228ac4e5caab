import type { Caller, Route, RouteAnswer } from '../../src/routes.ts';

/** What the route of a path answers, as the server would ask it. */
export async function askRoute(
  routes: readonly Route[],
  path: string,
  caller?: Caller,
): Promise<RouteAnswer> {
  const url = new URL(path, 'http://127.0.0.1:4873');
  for (const route of routes) {
    const begin = route.path.endsWith('*') ? route.path.slice(0, -1) : undefined;
    const fits = begin === undefined ? url.pathname === route.path : url.pathname.startsWith(begin);
    if (!fits) continue;
    const rest = begin === undefined ? '' : decodeURIComponent(url.pathname.slice(begin.length));
    const body = async () => Buffer.alloc(0);
    return route.handle({ method: 'GET', url, rest, caller, headers: {}, body });
  }
  throw new Error(`no route for ${path}`);
}
