import * as z from 'zod';
import { writeBackup } from '../backup/backup.ts';
import { milliseconds } from '../config/schema.ts';
import { errors } from '../errors.ts';
import { unyank, yank } from '../kill-list/yank.ts';
import type { RegistryState } from '../state.ts';
import { statusOf } from './status.ts';

const role = z.enum(['admin', 'publisher', 'reader']);
const lifetime = z.union([
  z.literal('never'),
  z.string().regex(/^\d+(ms|s|m|h|d)$/, 'a duration, e.g. "90d"'),
]);
const dryRun = z.boolean().default(false);
const spec = z.strictObject({ spec: z.string(), dryRun });

/** One thing that an administrator does: the same whether the registry runs or not. */
function operation<Input extends z.ZodType, Result>(definition: {
  readonly input: Input;
  /** Works on files of the machine: only for who has its data folder. */
  readonly local?: true;
  run(state: RegistryState, input: z.output<Input>): Promise<Result>;
}) {
  return definition;
}

const tokenLifetime = (state: RegistryState, expires: string | undefined) =>
  expires === 'never' ? undefined : milliseconds(expires ?? state.config.tokens.lifetime);

export const operations = {
  status: operation({
    input: z.strictObject({ verify: z.boolean().optional() }),
    run: (state, { verify = false }) => statusOf(state, { verify }),
  }),
  'user-add': operation({
    input: z.strictObject({
      name: z.string(),
      role,
      password: z.string().min(8, 'at least 8 characters').optional(),
      expires: lifetime.optional(),
      dryRun,
    }),
    run: (state, { name, role, password, expires, dryRun }) =>
      state.changes.run(async () => {
        await state.users.add({ name, role, password, dryRun });
        if (dryRun) return { user: name, role, dryRun };
        const token = await state.users.createToken({
          user: name,
          lifetimeMs: tokenLifetime(state, expires),
        });
        return { ...token, role, dryRun };
      }),
  }),
  'user-remove': operation({
    input: z.strictObject({ name: z.string(), dryRun }),
    run: (state, { name, dryRun }) =>
      state.changes.run(async () => {
        const tokens = state.users.tokens(name).length;
        await state.users.remove(name, { dryRun });
        return { user: name, tokens, dryRun };
      }),
  }),
  'user-list': operation({
    input: z.strictObject({}),
    run: async (state) => ({ users: state.users.list() }),
  }),
  'token-create': operation({
    input: z.strictObject({ user: z.string(), expires: lifetime.optional(), note: z.string().optional() }),
    run: (state, { user, expires, note }) =>
      state.changes.run(() =>
        state.users.createToken({ user, note, lifetimeMs: tokenLifetime(state, expires) }),
      ),
  }),
  'token-list': operation({
    input: z.strictObject({ user: z.string().optional() }),
    run: async (state, { user }) => ({ tokens: state.users.tokens(user) }),
  }),
  'token-revoke': operation({
    input: z.strictObject({ id: z.string(), user: z.string() }),
    run: (state, { id, user }) => state.changes.run(() => state.users.revoke(id, user)),
  }),
  'keys-list': operation({
    input: z.strictObject({}),
    run: async (state) => ({ keys: state.keyring.keys() }),
  }),
  'keys-rotate': operation({
    input: z.strictObject({ dryRun }),
    run: (state, { dryRun }) =>
      state.changes.run(async () => {
        const [retired] = state.keyring.keys();
        if (dryRun) return { key: undefined, retired, dryRun };
        const key = await state.keyring.rotate(new Date());
        await state.killList.resign();
        return { key, retired, dryRun };
      }),
  }),
  yank: operation({
    input: spec.extend({ reason: z.string().trim().min(1, 'say why') }),
    run: async (state, { spec, reason, dryRun }) => {
      const entry = await yank(state, { ...parseSpec(spec), reason, dryRun });
      return { ...entry, serial: state.killList.current().serial, dryRun };
    },
  }),
  unyank: operation({
    input: spec,
    run: async (state, { spec, dryRun }) => {
      const { name, version } = parseSpec(spec);
      await unyank(state, { name, version, dryRun });
      return { package: name, version, serial: state.killList.current().serial, dryRun };
    },
  }),
  backup: operation({
    input: z.strictObject({ file: z.string() }),
    local: true,
    run: (state, { file }) => writeBackup(state, file),
  }),
} as const;

export type OperationName = keyof typeof operations;
export type OperationInput<Name extends OperationName> = z.input<(typeof operations)[Name]['input']>;
export type OperationResult<Name extends OperationName> = Awaited<
  ReturnType<(typeof operations)[Name]['run']>
>;

/** Checks the input and runs the operation. */
export async function runOperation(
  state: RegistryState,
  request: { readonly name: string; readonly input: unknown },
): Promise<unknown> {
  const found = Object.entries(operations).find(([name]) => name === request.name)?.[1];
  if (found === undefined)
    throw errors.VP_REGISTRY_BAD_REQUEST({ problem: `there is no operation ${request.name}` });
  const result = (found.input as z.ZodType).safeParse(request.input);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw errors.VP_REGISTRY_BAD_REQUEST({
      problem: `${issue?.path.map(String).join('.')}: ${issue?.message}`,
    });
  }
  return await (found.run as (state: RegistryState, input: unknown) => Promise<unknown>)(state, result.data);
}

export const isLocalOnly = (name: string) =>
  Object.entries(operations).some(([each, found]) => each === name && found.local === true);

function parseSpec(text: string): { readonly name: string; readonly version: string } {
  const [, name, version] = /^(@?[^@]+)@([0-9][^@\s]*)$/.exec(text) ?? [];
  if (name === undefined || version === undefined) throw errors.VP_REGISTRY_SPEC({ spec: text });
  return { name, version };
}
