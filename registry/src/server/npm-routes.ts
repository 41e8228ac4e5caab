import * as z from 'zod';
import type { ResolvedConfig } from '../config/read.ts';
import { milliseconds } from '../config/schema.ts';
import { errors } from '../errors.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Published } from '../publish.ts';
import type { RouteRequest } from '../routes.ts';
import type { Users } from '../users/users.ts';
import { needRole } from './access.ts';
import { readJson } from './answer.ts';
import type { GuardedRoute } from './router.ts';

const loginBody = z.looseObject({ name: z.string(), password: z.string() });

/** npm's own routes, as far as the registry answers them itself: all that is no read of a package. */
export function npmRoutes(init: {
  readonly config: ResolvedConfig;
  readonly keyring: Keyring;
  readonly users: Users;
  readonly publish: (name: string, body: unknown) => Promise<Published>;
}): readonly GuardedRoute[] {
  const { config, keyring, users, publish } = init;
  // A body is base64 in JSON: a third larger than the tarball, and the metadata with the readme.
  const bodyLimit = Math.ceil(config.max_package_bytes * 1.4) + 4 * 1024 * 1024;
  return [
    { method: 'GET', path: '/-/ping', public: true, handle: () => ({ body: {} }) },
    {
      method: 'GET',
      path: '/-/npm/v1/keys',
      // Public keys: who cannot read packages gains nothing by them.
      public: true,
      handle: () => ({ body: { keys: keyring.keys() } }),
    },
    {
      method: 'GET',
      path: '/-/whoami',
      needs: 'reader',
      what: 'Asking who you are',
      handle: ({ caller }) => ({ body: { username: caller?.name } }),
    },
    {
      method: 'PUT',
      path: '/-/user/*',
      public: true,
      handle: async (request) => {
        const body = loginBody.safeParse(await readJson((limit) => request.body(limit), 64 * 1024));
        if (!body.success)
          throw errors.VP_REGISTRY_BAD_REQUEST({ problem: 'a login has a name and a password' });
        const { name, password } = body.data;
        if (!(await users.isPassword(name, password))) throw errors.VP_REGISTRY_LOGIN({});
        const lifetimeMs = milliseconds(config.tokens.login_lifetime);
        const { token } = await users.createToken({ user: name, lifetimeMs, note: 'npm login' });
        return { status: 201, body: { ok: `you are authenticated as '${name}'`, token } };
      },
    },
    {
      method: 'DELETE',
      path: '/-/user/token/*',
      needs: 'reader',
      what: 'Logging out',
      handle: async ({ rest }) => {
        await users.revoke(users.callerOf(rest).tokenId);
        return { body: { ok: 'logged out' } };
      },
    },
    { method: 'PUT', path: '/*', needs: 'publisher', what: 'Publishing', handle: put },
    {
      method: 'DELETE',
      path: '/*',
      needs: 'publisher',
      what: 'Deleting',
      handle: ({ rest }) => {
        throw errors.VP_REGISTRY_IMMUTABLE({ what: `Deleting ${rest}` });
      },
    },
  ];

  async function put(request: RouteRequest) {
    const { rest: name, caller } = request;
    needRole(caller, 'publisher', `Publishing ${name}`);
    if (name.includes('/-rev/'))
      throw errors.VP_REGISTRY_IMMUTABLE({ what: `Unpublishing ${name.split('/-rev/')[0]}` });
    const body = await readJson((limit) => request.body(limit), bodyLimit);
    const { facts, notes, version, integrity } = await publish(name, body);
    return {
      status: 201,
      body: {
        ok: `published ${name}@${version}`,
        success: true,
        name,
        version,
        integrity,
        vpRegistry: facts,
        notes,
      },
    };
  }
}
