import * as z from 'zod';
import { milliseconds } from '../config/schema.ts';
import { errors } from '../errors.ts';
import { createPublisher } from '../publish.ts';
import type { RegistryState } from '../state.ts';
import { deprecate, setTag } from '../tags.ts';
import { type FailureLimit, needRole } from './access.ts';
import { readJson } from './answer.ts';
import type { GuardedRequest, GuardedRoute } from './router.ts';

const loginBody = z.looseObject({ name: z.string(), password: z.string() });

/** npm's own routes, as far as the registry answers them itself: all that is no read of a package. */
export function npmRoutes(state: RegistryState, failures: FailureLimit): readonly GuardedRoute[] {
  const { config, keyring, users } = state;
  const publish = createPublisher(state);
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
        const who = `${request.address} ${name}`;
        failures.check(who);
        if (!(await users.isPassword(name, password))) {
          failures.count(who);
          throw errors.VP_REGISTRY_LOGIN({});
        }
        const lifetimeMs = milliseconds(config.tokens.login_lifetime);
        const { token } = await state.changes.run(() =>
          users.createToken({ user: name, lifetimeMs, note: 'npm login' }),
        );
        return { status: 201, body: { ok: `you are authenticated as '${name}'`, token } };
      },
    },
    {
      method: 'DELETE',
      path: '/-/user/token/*',
      needs: 'reader',
      what: 'Logging out',
      handle: async ({ rest }) => {
        const { tokenId, name } = users.callerOf(rest);
        await state.changes.run(() => users.revoke(tokenId, name));
        return { body: { ok: 'logged out' } };
      },
    },
    {
      method: 'PUT',
      path: '/-/package/*',
      needs: 'publisher',
      what: 'Tagging',
      handle: async (request) => {
        const { name, tag } = tagPath(request.rest);
        const version = await readJson((limit) => request.body(limit), 1024);
        if (typeof version !== 'string')
          throw errors.VP_REGISTRY_BAD_REQUEST({ problem: 'a tag points at a version' });
        return { status: 201, body: (await setTag(state, { name, tag, version }))['dist-tags'] };
      },
    },
    {
      method: 'DELETE',
      path: '/-/package/*',
      needs: 'publisher',
      what: 'Tagging',
      handle: async ({ rest }) => ({
        body: (await setTag(state, { ...tagPath(rest), version: undefined }))['dist-tags'],
      }),
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

  async function put(request: GuardedRequest) {
    const { rest: name, caller } = request;
    needRole(caller, 'publisher', `Publishing ${name}`);
    if (name.includes('/-rev/'))
      throw errors.VP_REGISTRY_IMMUTABLE({ what: `Unpublishing ${name.split('/-rev/')[0]}` });
    const body = await readJson((limit) => request.body(limit), bodyLimit);
    if (!publishes(body)) {
      const deprecated = await deprecate(state, name, body);
      return { status: 201, body: { ok: 'deprecated', success: true, deprecated } };
    }
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

/** Whether a body brings a tarball. */
function publishes(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('_attachments' in body)) return false;
  const { _attachments: attachments } = body;
  return typeof attachments === 'object' && attachments !== null && Object.keys(attachments).length > 0;
}

function tagPath(path: string): { readonly name: string; readonly tag: string } {
  const [, name, tag] = /^(.+)\/dist-tags\/([^/]+)$/.exec(path) ?? [];
  if (name === undefined || tag === undefined)
    throw errors.VP_REGISTRY_BAD_REQUEST({ problem: `${path} is not the path of a tag` });
  return { name, tag };
}
