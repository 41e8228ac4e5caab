import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { baseUrl, npmOptions, registryOf } from './options.ts';

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'vp-npmrc-'));
  vi.stubEnv('npm_config_userconfig', join(project, 'user-npmrc'));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

test("a project's .npmrc is read without a package.json, with scopes, credentials and variables", async () => {
  vi.stubEnv('ACME_TOKEN', 'secret-token');
  writeFileSync(
    join(project, '.npmrc'),
    [
      'registry=http://127.0.0.1:4873',
      '@acme:registry=http://127.0.0.1:4999/npm/',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax
      '//127.0.0.1:4873/:_authToken=${ACME_TOKEN}',
      'omit=optional',
      'fetch-timeout=600000',
    ].join('\n'),
  );
  const options = await npmOptions({ projectDir: project });
  expect(options).toMatchObject({
    registry: 'http://127.0.0.1:4873/',
    '//127.0.0.1:4873/:_authToken': 'secret-token',
    timeout: 10_000,
  });
  expect(options).not.toHaveProperty('omit');
  expect(registryOf('@acme/x', options)).toBe('http://127.0.0.1:4999/npm/');
  expect(registryOf('@vp/files', options)).toBe('http://127.0.0.1:4873/');
});

test('the registry that is asked for wins over the default one', async () => {
  writeFileSync(join(project, '.npmrc'), 'registry=http://127.0.0.1:4873\n');
  const options = await npmOptions({ projectDir: project, registry: 'http://127.0.0.1:5000' });
  expect(options.registry).toBe('http://127.0.0.1:5000/');
});

test('credentials without a registry, which npm refuses, are refused with what to do', async () => {
  writeFileSync(join(project, '.npmrc'), '_authToken=abc\n');
  const failure = npmOptions({ projectDir: project });
  await expect(failure).rejects.toMatchObject({ code: 'VP_NPMRC_INVALID' });
});

test('a base URL has no credentials and one slash at its end', () => {
  expect(baseUrl('https://user:pw@npm.acme.dev/a//?x#y')).toBe('https://npm.acme.dev/a/');
  for (const text of ['ftp://user:hush@npm.acme.dev/', 'user:hush@npm', 'npm?token=hush', 'ftp://x/?t=hush'])
    expect(() => baseUrl(text), text).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') }),
    );
  expect(() => baseUrl('npm.acme.dev')).toThrow(expect.objectContaining({ code: 'VP_REGISTRY_URL_INVALID' }));
  expect(() => baseUrl('file:///x')).toThrow(expect.objectContaining({ code: 'VP_REGISTRY_URL_INVALID' }));
});
