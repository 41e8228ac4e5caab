import type { EventInput } from '@vp/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPermissionBroker, pluginSecrets } from './broker.ts';
import { checkGrants, notGranted } from './grants.ts';
import { covers, type PatternKind } from './patterns.ts';

describe('patterns', () => {
  test.each<[PatternKind, string, string, boolean]>([
    ['fs', 'read:data/**', 'read:data/a/b.csv', true],
    ['fs', 'read:data/**', 'read:data', true],
    ['fs', 'read:data/**', 'read:data/**/*.csv', true],
    ['fs', 'read:data/**', 'read:./data/x', true],
    ['fs', 'read:data/**', 'write:data/x', false],
    ['fs', 'read:data/**', 'read:data/../etc/passwd', false],
    ['fs', 'read:data/**', 'read:database/x', false],
    ['fs', 'read:data/*', 'read:data/a/b', false],
    ['fs', 'read:data/*', 'read:data/**', false],
    ['fs', 'read:**', 'read:/etc/passwd', true],
    ['fs', 'read:data/*.csv', 'read:data/x.csv', true],
    ['fs', 'read:data/*.csv', 'read:data/x.json', false],
    ['network', '*.example.com:443', 'api.example.com:443', true],
    ['network', '*.example.com:443', 'example.com.evil.org:443', false],
    ['network', 'db.internal', 'db.internal:5432', true],
    ['network', 'db.internal:5432', 'db.internal', false],
    ['network', 'DB.internal:*', 'db.INTERNAL:1', true],
    ['network', '*', 'anything:1', true],
    ['network', '[::1]:5432', '[::1]:5432', true],
    ['env', 'PG_*', 'PG_PASSWORD', true],
    ['env', 'PG_*', 'AWS_KEY', false],
    ['secrets', 'secret://env/PG_*', 'secret://env/PG_PASSWORD', true],
    ['subprocess', 'git', 'git-evil', false],
  ])('%s: %s covers %s: %s', (kind, grant, wanted, expected) => {
    expect(covers(kind, grant, wanted)).toBe(expected);
  });

  test('what a pattern covers is covered by whatever covers the pattern', () => {
    const segment = fc.constantFrom('a', 'b', '*', '**', 'a*');
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((each) => `read:${each.join('/')}`);
    const literal = fc
      .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 })
      .map((each) => `read:${each.join('/')}`);
    fc.assert(
      fc.property(path, path, literal, (wide, narrow, file) => {
        if (covers('fs', wide, narrow) && covers('fs', narrow, file))
          expect(covers('fs', wide, file)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('grants', () => {
  const permissions = {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as manifests write it
    network: ['${config.host}:${config.port}'],
    secrets: ['config.password'],
    native: true,
  };

  test('all that is asked for must be granted', () => {
    expect(checkGrants({ permissions, grants: 'all' })).toEqual([]);
    expect(checkGrants({ permissions: undefined, grants: undefined })).toEqual([]);
    expect(checkGrants({ permissions, grants: undefined }).map((each) => each.kind)).toEqual([
      'network',
      'secrets',
      'native',
    ]);
    const grants = { network: ['*:*'], secrets: ['config.password'], native: true };
    expect(checkGrants({ permissions, grants })).toEqual([]);
  });

  test('configured values stand in for their names, once for each configuration', () => {
    const grants = { network: ['db:5432'], secrets: ['config.*'], native: true };
    const configs = [{ host: 'db', port: 5432 }, { host: 'other', port: 1 }, {}];
    expect(checkGrants({ permissions, grants, configs })).toEqual([{ kind: 'network', wanted: 'other:1' }]);
  });

  test('the state folder is the same folder under both of its names', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as manifests write it
    const wanted = { fs: ['write:${state}/**'] };
    expect(checkGrants({ permissions: wanted, grants: { fs: ['write:.vp/**'] } })).toEqual([]);
    expect(checkGrants({ permissions: { fs: ['write:.vp/cache/**'] }, grants: wanted })).toEqual([]);
    expect(checkGrants({ permissions: wanted, grants: { fs: ['write:.vp/cache/**'] } })).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as manifests write it
      { kind: 'fs', wanted: 'write:${state}/**' },
    ]);
  });

  test('the error says what to write', () => {
    const error = notGranted(
      '@acme/pg',
      checkGrants({ permissions: { fs: ['read:a/**'], native: true }, grants: {} }),
    );
    expect(error).toMatchObject({
      code: 'VP_PERMISSION_NOT_GRANTED',
      message: 'Plugin @acme/pg asks for what vp.toml does not grant: fs read:a/**, native.',
      hint: 'Grant it in vp.toml: [plugins."@acme/pg"] grants = { fs = ["read:a/**"], native = true }',
    });
  });
});

describe('broker', () => {
  test('both manifest and deployment must allow; a refusal is an event', async () => {
    const events: EventInput[] = [];
    const broker = createPermissionBroker({
      plugin: '@acme/x',
      permissions: { secrets: ['secret://env/A*', 'secret://env/B'] },
      grants: { secrets: ['secret://env/A*'] },
      publish: (event) => events.push(event),
    });
    const secrets = pluginSecrets({
      broker,
      secrets: { get: async () => Promise.reject(new Error('reached')) },
    });
    await expect(secrets.get('secret://env/A1')).rejects.toThrow('reached');
    await expect(secrets.get('secret://env/B')).rejects.toMatchObject({
      message: expect.stringContaining('does not grant'),
    });
    await expect(secrets.get('secret://env/C')).rejects.toMatchObject({
      message: expect.stringContaining('does not ask'),
    });
    expect(events).toEqual([
      { type: 'permission.denied', plugin: '@acme/x', permission: 'secrets', wanted: 'secret://env/B' },
      { type: 'permission.denied', plugin: '@acme/x', permission: 'secrets', wanted: 'secret://env/C' },
    ]);
  });

  test('the state folder has a name', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as manifests write it
    const permissions = { fs: ['write:${state}/cache/**'] };
    const broker = createPermissionBroker({ plugin: 'x', permissions, grants: 'all', publish: () => {} });
    expect(broker.allows('fs', 'write:.vp/cache/a')).toBe(true);
    expect(broker.allows('fs', 'write:.vp/metadata.db')).toBe(false);
  });
});
