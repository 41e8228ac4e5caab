import { type Auth, type CallContext, isSecret, VpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { literalSecrets, withSecrets } from './config-secrets.ts';
import { createRedactor } from './redactor.ts';
import { parseSecretRef } from './reference.ts';
import { createSecretResolver, type SecretResolverInit } from './resolver.ts';

const nowhere = () => undefined;
const logger = { debug: nowhere, info: nowhere, warn: nowhere, error: nowhere, with: () => logger };
const context: CallContext = { signal: new AbortController().signal, logger, progress: nowhere };

function resolver(values: Record<string, string>, init: Partial<SecretResolverInit> = {}) {
  const redactor = createRedactor();
  const asked: string[] = [];
  const auth: Auth = {
    async secret(ref) {
      asked.push(ref);
      return values[ref];
    },
  };
  const providers = () => [{ id: 'env', plugin: '@vp/auth-env', schemes: ['env', 'file'] }];
  const secrets = createSecretResolver({
    providers,
    auth: async () => auth,
    context: () => context,
    redactor,
    ...init,
  });
  return { secrets, redactor, asked };
}

describe('references', () => {
  test('are read', () => {
    expect(parseSecretRef('secret://file/keys/a b.pem')).toEqual({ scheme: 'file', path: 'keys/a b.pem' });
  });
  test.each(['secret:/env/X', 'secret://', 'secret://env', 'secret://env/', 'secret://ENV/X'])(
    '%s is refused',
    (ref) => {
      expect(() => parseSecretRef(ref)).toThrowError(
        expect.objectContaining({ code: 'VP_SECRET_BAD_REFERENCE' }),
      );
    },
  );
});

test('a secret is fetched once, and known to the redactor before anybody has it', async () => {
  const { secrets, redactor, asked } = resolver({ 'secret://env/PG': 'hunter2' });
  const [one, two] = await Promise.all([secrets.get('secret://env/PG'), secrets.get('secret://env/PG')]);
  expect(one.reveal()).toBe('hunter2');
  expect(two).toBe(one);
  expect(asked).toHaveLength(1);
  expect(redactor.text('pw=hunter2')).toBe('pw=[redacted]');
});

test('a failure is not remembered', async () => {
  const values: Record<string, string> = {};
  const { secrets } = resolver(values);
  await expect(secrets.get('secret://env/PG')).rejects.toMatchObject({
    code: 'VP_SECRET_NOT_FOUND',
    hint: expect.stringContaining('environment variable PG'),
    plugin: '@vp/auth-env',
  });
  values['secret://env/PG'] = 'here now';
  expect((await secrets.get('secret://env/PG')).reveal()).toBe('here now');
});

test('schemes that nobody or two answer, and providers that break, are told', async () => {
  await expect(resolver({}).secrets.get('secret://evn/X')).rejects.toMatchObject({
    code: 'VP_SECRET_SCHEME_UNKNOWN',
    hint: 'Did you mean "env"?',
  });
  const twice = () => [1, 2].map((n) => ({ id: `p${n}`, plugin: `@x/p${n}`, schemes: ['env'] }));
  await expect(resolver({}, { providers: twice }).secrets.get('secret://env/X')).rejects.toMatchObject({
    code: 'VP_SECRET_SCHEME_TWICE',
    message: expect.stringContaining('@x/p1, @x/p2'),
  });
  const broken = async (): Promise<Auth> => ({
    async secret() {
      throw new VpError({ code: 'VP_VAULT_DOWN', class: 'transient', message: 'Vault is down.' });
    },
  });
  await expect(resolver({}, { auth: broken }).secrets.get('secret://env/X')).rejects.toMatchObject({
    code: 'VP_VAULT_DOWN',
    class: 'transient',
    plugin: '@vp/auth-env',
  });
  await expect(resolver({}, { auth: async () => ({}) }).secrets.get('secret://env/X')).rejects.toMatchObject({
    code: 'VP_SECRET_FAILED',
  });
});

test('a provider that needs a secret of its own to start is told apart from one that hangs', async () => {
  const { secrets } = resolver(
    {},
    {
      auth: async () => {
        await secrets.get('secret://env/OWN');
        return {};
      },
    },
  );
  await expect(secrets.get('secret://env/X')).rejects.toMatchObject({
    code: 'VP_SECRET_CYCLE',
    message: expect.stringContaining('env -> env'),
  });
});

describe('configuration', () => {
  const place = () => ({ file: 'vp.toml', line: 7, column: 1, text: 'vp.toml:7:1' });
  const path = ['connections', 'shop'];
  const keys = ['config.password', 'config.headers'];

  test('references become secrets, at any depth', async () => {
    const { secrets } = resolver({ 'secret://env/PG': 'hunter2' });
    const value = {
      host: 'h',
      password: 'secret://env/PG',
      headers: { 'X-Token': 'secret://env/PG' },
      list: [1],
    };
    const result = await withSecrets({ value, path, keys, place, get: secrets.get });
    expect(result).toMatchObject({ host: 'h', list: [1] });
    expect(JSON.stringify(result)).toBe(
      '{"host":"h","password":"[secret]","headers":{"X-Token":"[secret]"},"list":[1]}',
    );
    expect(isSecret(Reflect.get(Object(result), 'password'))).toBe(true);
  });

  test.each([
    [{ password: 'secret://env/NO' }, 'VP_SECRET_NOT_FOUND', 'connections.shop.password needs'],
    [{ note: 'secret://env/PG' }, 'VP_SECRET_NOT_ALLOWED', 'connections.shop.note'],
    [{ url: 'pg://u:secret://env/PG@h' }, 'VP_SECRET_BAD_REFERENCE', 'other text around it'],
  ])('%j is refused where it stands', async (value, code, message) => {
    const { secrets } = resolver({ 'secret://env/PG': 'hunter2' });
    await expect(withSecrets({ value, path, keys, place, get: secrets.get })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      at: { file: 'vp.toml', line: 7 },
    });
  });

  test('a secret that is written out is warned of, and redacted from then on', () => {
    const redactor = createRedactor();
    const value = { password: 'hunter2', host: 'plain', headers: { auth: 'secret://env/X' } };
    expect(literalSecrets({ value, path, keys, place, redactor })).toMatchObject([
      {
        code: 'VP_SECRET_LITERAL',
        at: { line: 7 },
        hint: expect.stringContaining('CONNECTIONS_SHOP_PASSWORD'),
      },
    ]);
    expect(redactor.text('hunter2 plain')).toBe('[redacted] plain');
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer t0ken' };
    const warnings = literalSecrets({ value: { headers }, path, keys, place, redactor });
    expect(warnings.map((each) => each.message)).toEqual([expect.stringContaining('headers.Authorization')]);
    expect(redactor.text('application/json')).toBe('application/json');
  });
});
