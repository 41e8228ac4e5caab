import { timingSafeEqual } from 'node:crypto';
import { isLocalOnly, runOperation } from '../admin/operations.ts';
import { publicStatus } from '../admin/status.ts';
import { errors } from '../errors.ts';
import type { RegistryState } from '../state.ts';
import { needRole } from './access.ts';
import { readJson } from './answer.ts';
import type { GuardedRoute } from './router.ts';

/** Our own routes, but for search and pages. */
export function vpRoutes(state: RegistryState, adminSecret: string): readonly GuardedRoute[] {
  return [
    { method: 'GET', path: '/-/vp/v1/status', public: true, handle: () => ({ body: publicStatus(state) }) },
    {
      method: 'GET',
      path: '/-/vp/v1/kill-list',
      // Public, so that a deployment whose token has expired still learns what must not run.
      public: true,
      handle: () => ({ body: state.killList.current(), headers: { 'cache-control': 'no-cache' } }),
    },
    {
      method: 'POST',
      path: '/-/vp/v1/admin/*',
      // Guarded below: by the data folder's secret, or by the role.
      public: true,
      handle: async (request) => {
        const { rest: name, caller, headers } = request;
        if (!isSecret(headers['x-vp-admin'], adminSecret)) {
          needRole(caller, 'admin', 'Administration');
          if (isLocalOnly(name))
            throw errors.VP_REGISTRY_BAD_REQUEST({
              problem: `${name} works on the machine of the registry only`,
            });
        }
        const input = await readJson((limit) => request.body(limit), 64 * 1024);
        return { body: await runOperation(state, { name, input }) };
      },
    },
  ];
}

function isSecret(given: string | string[] | undefined, secret: string): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
