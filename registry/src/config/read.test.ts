import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from './read.ts';
import { milliseconds } from './schema.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'vp-registry-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(cwd, 'registry.toml'), text);

test('without a file: loopback, closed to publishers, nothing proxied', () => {
  expect(readConfig({ cwd })).toMatchObject({
    data: join(cwd, 'vp-registry'),
    host: '127.0.0.1',
    port: 4873,
    access: 'open',
    private_scopes: ['@vp'],
    allow_install_scripts: [],
    tokens: { lifetime: '365d' },
  });
  expect(readConfig({ cwd }).upstream).toBe(undefined);
});

test('reading needs a token as soon as others can reach it', () => {
  for (const host of ['0.0.0.0', '10.1.2.3', '::']) {
    expect(readConfig({ cwd, settings: { host } }).access).toBe('authenticated');
    expect(readConfig({ cwd, settings: { host, access: 'open' } }).access).toBe('open');
  }
  for (const host of ['localhost', '127.0.0.5', '::1'])
    expect(readConfig({ cwd, settings: { host } }).access).toBe('open');
});

test('the file, what the caller says over it, and folders relative to whoever named them', () => {
  write(
    'data = "./plugins"\nport = 5000\nupstream = "https://npm.acme.example"\n[gate]\nlicences = ["MIT"]\n',
  );
  expect(readConfig({ cwd, settings: { port: 0 } })).toMatchObject({
    data: join(cwd, 'plugins'),
    port: 0,
    upstream: { url: 'https://npm.acme.example', timeout: '30s', max_age: '2m' },
    gate: { licences: ['MIT'], breaking_changes: 'refuse' },
  });
  expect(readConfig({ cwd, dataDir: './other' }).data).toBe(join(cwd, 'other'));
  writeFileSync(join(cwd, 'x.toml'), '[upstream]\nurl = "http://a.example"\ntoken_env = "NPM_TOKEN"\n');
  expect(readConfig({ cwd, configFile: 'x.toml' }).upstream).toMatchObject({ token_env: 'NPM_TOKEN' });
});

test.each([
  ['prot = 1', 'VP_REGISTRY_CONFIG_KEY', 'Unknown key "prot"', 'Did you mean "port"?'],
  ['[gate]\nlicenses = []', 'VP_REGISTRY_CONFIG_KEY', '[gate]', 'Did you mean "licences"?'],
  ['[upstream]\nurl = "http://a.example"\ntimeot = "1s"', 'VP_REGISTRY_CONFIG_KEY', 'timeot', '"timeout"'],
  ['port = "x"', 'VP_REGISTRY_CONFIG', 'port', 'number'],
  ['private_scopes = ["vp"]', 'VP_REGISTRY_CONFIG', 'private_scopes.0', 'a scope, e.g. "@acme"'],
  ['[tokens]\nlifetime = "1 year"', 'VP_REGISTRY_CONFIG', 'tokens.lifetime', 'a duration'],
  ['upstream = "ftp://x"', 'VP_REGISTRY_CONFIG', 'upstream', 'a URL, or a table'],
  ['public_url = "https://a.example/npm"', 'VP_REGISTRY_CONFIG', 'public_url', 'without a path'],
  ['port = \n', 'VP_REGISTRY_CONFIG', 'registry.toml:1:', ''],
])('%s is refused by name', (text, code, ...parts) => {
  write(text);
  let thrown: unknown;
  try {
    readConfig({ cwd });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code });
  for (const part of parts) expect(String(thrown)).toContain(part);
});

test('a file that is named must be there', () => {
  expect(() => readConfig({ cwd, configFile: 'gone.toml' })).toThrow(/gone.toml/);
});

test('durations', () => {
  expect(['250ms', '2s', '3m', '4h', '5d'].map(milliseconds)).toEqual([250, 2e3, 18e4, 144e5, 432e6]);
});
