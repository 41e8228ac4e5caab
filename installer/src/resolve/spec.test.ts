import { describe, expect, test } from 'vitest';
import { allow, missingGrants, parseAllowance, withGrants } from './grants.ts';
import { parseSpec } from './spec.ts';

test.each([
  ['@vp/postgres', { key: '@vp/postgres', package: '@vp/postgres' }],
  ['@vp/postgres@^1', { key: '@vp/postgres', package: '@vp/postgres', wanted: '^1' }],
  ['weather@latest', { key: 'weather', package: 'weather', wanted: 'latest' }],
  ['pg16=@vp/postgres@2', { key: 'pg16', package: '@vp/postgres', wanted: '2' }],
  ['@vp/postgres@>=1 <3', { key: '@vp/postgres', package: '@vp/postgres', wanted: '>=1 <3' }],
])('%s', (text, spec) => {
  expect(parseSpec(text)).toEqual(spec);
});

test.each([
  '',
  '@vp',
  './x',
  '../x',
  'file:x',
  'git+ssh://x',
  'https://x/y.tgz',
  'a@',
  'A B',
  'Pg=@vp/x',
  'a@ö',
  'a=b=c',
])('"%s" is refused with its reason', (text) => {
  expect(() => parseSpec(text)).toThrow(expect.objectContaining({ code: 'VP_INSTALL_SPEC' }));
});

describe('--grant', () => {
  test('kinds with their values; what has no kind belongs to the one before', () => {
    expect(parseAllowance(['network=a:1,b:2,fs=read:data/**,native', 'env=HOME'])).toEqual({
      network: ['a:1', 'b:2'],
      fs: ['read:data/**'],
      env: ['HOME'],
      native: true,
    });
    expect(parseAllowance(['network=a', 'all'])).toBe('all');
    for (const text of ['nework=a', 'a:1', 'fs=data', 'network='])
      expect(() => parseAllowance([text])).toThrow(expect.objectContaining({ code: 'VP_INSTALL_GRANT' }));
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: as manifests write it
  const permissions = { network: ['${config.host}:443', 'api.acme.dev:443'], native: true };
  const missing = missingGrants(permissions, { network: ['api.acme.dev:443'] });

  test('grants exactly what is asked for, beside what is granted already', () => {
    expect(withGrants({ network: ['api.acme.dev:443'] }, missing)).toEqual({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as manifests write it
      network: ['api.acme.dev:443', '${config.host}:443'],
      native: true,
    });
    expect(withGrants('all', missing)).toBe('all');
  });

  test('a grant that nothing else asks for is the one of a configured host', () => {
    const asked = (network: readonly string[]) =>
      missingGrants(permissions, { network: [...network], native: true }).map(({ wanted }) => wanted);
    expect(asked(['api.acme.dev:443', 'db:443'])).toEqual([]);
    expect(asked(['db:443'])).toEqual(['api.acme.dev:443']);
    expect(missingGrants(permissions, 'all')).toEqual([]);
  });

  test('a configured host is covered by any allowance of its kind, native only by native', () => {
    const request = { plugin: 'x', grants: undefined, missing };
    expect(allow({ ...request, allowance: { network: ['db:443'], native: true } })).toEqual({
      network: ['db:443'],
      native: true,
    });
    expect(() => allow({ ...request, allowance: { network: ['db:443'] } })).toThrow(
      expect.objectContaining({ code: 'VP_INSTALL_NOT_GRANTED', message: expect.stringContaining('native') }),
    );
  });
});
