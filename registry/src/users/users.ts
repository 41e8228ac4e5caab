import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { didYouMean } from '@vp/contracts';
import * as z from 'zod';
import { errors } from '../errors.ts';
import type { Caller, Role } from '../routes.ts';
import { errorCode, writeDurable } from '../store/durable.ts';
import type { Layout } from '../store/layout.ts';
import { hashPassword, isPassword } from './password.ts';
import { readToken, signToken } from './token.ts';

const user = z.strictObject({
  name: z.string(),
  role: z.enum(['admin', 'publisher', 'reader']),
  /** ISO 8601. */
  created: z.string(),
  password: z.string().optional(),
});

/** A token as it is kept: enough to list and revoke it, and nothing to use it with. */
const token = z.strictObject({
  id: z.string(),
  user: z.string(),
  created: z.string(),
  expires: z.string().optional(),
  note: z.string().optional(),
});

const fileSchema = z.strictObject({ users: z.array(user), tokens: z.array(token) });

export type TokenInfo = z.infer<typeof token>;
export interface UserInfo {
  readonly name: string;
  readonly role: Role;
  readonly created: string;
  readonly hasPassword: boolean;
  readonly tokens: number;
}

/** Who may use the registry, and with which tokens. */
export interface Users {
  list(): readonly UserInfo[];
  add(init: {
    readonly name: string;
    readonly role: Role;
    readonly password?: string | undefined;
    /** Only checks. */
    readonly dryRun?: boolean;
  }): Promise<void>;
  /** With all of the user's tokens. */
  remove(name: string, options?: { readonly dryRun?: boolean }): Promise<void>;
  tokens(user?: string): readonly TokenInfo[];
  /** The token itself is given back once, and kept nowhere. */
  createToken(init: {
    readonly user: string;
    readonly lifetimeMs?: number | undefined;
    readonly note?: string | undefined;
  }): Promise<TokenInfo & { readonly token: string }>;
  /** One of the user's. */
  revoke(id: string, user: string): Promise<TokenInfo>;
  /** Whose token it is. Throws when it is nobody's, expired or revoked. */
  callerOf(token: string): Caller & { readonly tokenId: string };
  isPassword(name: string, password: string): Promise<boolean>;
}

const nameRule = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export async function openUsers(layout: Pick<Layout, 'users' | 'secret'>): Promise<Users> {
  const secret = await readOr(layout.secret, async () => randomBytes(48).toString('base64url'));
  const text = await readOr(layout.users, async () => JSON.stringify({ users: [], tokens: [] }));
  let state = fileSchema.parse(JSON.parse(text));

  const save = async (next: typeof state) => {
    await writeDurable(layout.users, `${JSON.stringify(next, undefined, 2)}\n`, { mode: 0o600 });
    state = next;
  };
  const find = (name: string) => {
    const found = state.users.find((each) => each.name === name);
    if (found !== undefined) return found;
    const suggestion = didYouMean(
      name,
      state.users.map((each) => each.name),
    );
    throw errors.VP_REGISTRY_USER_UNKNOWN({ name, suggestion });
  };

  return {
    list: () =>
      state.users.map(({ name, role, created, password }) => ({
        name,
        role,
        created,
        hasPassword: password !== undefined,
        tokens: state.tokens.filter((each) => each.user === name).length,
      })),
    async add({ name, role, password, dryRun = false }) {
      if (!nameRule.test(name)) throw errors.VP_REGISTRY_USER_NAME({ name });
      if (state.users.some((each) => each.name === name)) throw errors.VP_REGISTRY_USER_EXISTS({ name });
      if (dryRun) return;
      const created = new Date().toISOString();
      const hash = password === undefined ? {} : { password: await hashPassword(password) };
      await save({ ...state, users: [...state.users, { name, role, created, ...hash }] });
    },
    async remove(name, { dryRun = false } = {}) {
      const { role } = find(name);
      const admins = state.users.filter((each) => each.role === 'admin');
      if (role === 'admin' && admins.length === 1) throw errors.VP_REGISTRY_LAST_ADMIN({ name });
      if (dryRun) return;
      await save({
        users: state.users.filter((each) => each.name !== name),
        tokens: state.tokens.filter((each) => each.user !== name),
      });
    },
    tokens: (name) =>
      name === undefined ? state.tokens : state.tokens.filter(({ user }) => user === find(name).name),
    async createToken({ user: name, lifetimeMs, note }) {
      const { name: user } = find(name);
      const now = Date.now();
      const end = lifetimeMs === undefined ? undefined : now + lifetimeMs;
      const info = {
        id: randomBytes(6).toString('hex'),
        user,
        created: new Date(now).toISOString(),
        ...(end === undefined ? {} : { expires: new Date(end).toISOString() }),
        ...(note === undefined ? {} : { note }),
      };
      await save({ ...state, tokens: [...state.tokens, info] });
      const exp = end === undefined ? {} : { exp: Math.floor(end / 1000) };
      return {
        ...info,
        token: signToken({ sub: user, jti: info.id, iat: Math.floor(now / 1000), ...exp }, secret),
      };
    },
    async revoke(id, user) {
      const own = state.tokens.filter((each) => each.user === find(user).name);
      const found = own.find((each) => each.id === id);
      const ids = own.map((each) => each.id);
      if (found === undefined)
        throw errors.VP_REGISTRY_TOKEN_UNKNOWN({ id, suggestion: didYouMean(id, ids) });
      await save({ ...state, tokens: state.tokens.filter((each) => each.id !== id) });
      return found;
    },
    callerOf(text) {
      const claims = readToken(text, secret);
      if (claims === undefined)
        throw errors.VP_REGISTRY_TOKEN_INVALID({ why: 'it is not a token of this registry' });
      const known = state.tokens.find((each) => each.id === claims.jti && each.user === claims.sub);
      const owner = state.users.find((each) => each.name === claims.sub);
      if (known === undefined || owner === undefined)
        throw errors.VP_REGISTRY_TOKEN_INVALID({ why: 'it was revoked' });
      if (claims.exp !== undefined && claims.exp * 1000 <= Date.now())
        throw errors.VP_REGISTRY_TOKEN_INVALID({ why: 'it has expired' });
      return { name: owner.name, role: owner.role, tokenId: known.id };
    },
    async isPassword(name, password) {
      const known = state.users.find((each) => each.name === name)?.password;
      // Of an unknown user too, so that the time it takes does not tell which users there are.
      return isPassword(password, known ?? 'scrypt:AAAA:AAAA');
    },
  };
}

async function readOr(file: string, make: () => Promise<string>): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const made = await make();
    await writeDurable(file, made, { mode: 0o600 });
    return made;
  }
}
