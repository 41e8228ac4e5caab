import { expect, test } from 'vitest';
import { permissionLine } from './permission-words.ts';

const host = '${' + 'config.host}';
const port = '${' + 'config.port}';

test.each([
  [{ network: [`${host}:${port}`] }, 'connects to host and port of your configuration'],
  [{ network: [`${host}:5432`] }, 'connects to host of your configuration, port 5432'],
  [
    { network: ['api.example.com:443', '*.example.org:*'] },
    'connects to api.example.com, port 443, any host below example.org, any port',
  ],
  [{ network: ['*:*'] }, 'connects to any host, any port'],
  [{ network: ['[::1]:80'] }, 'connects to [::1], port 80'],
  [
    { secrets: ['config.password', 'secret://env/TOKEN'] },
    'reads secrets: password of your configuration, secret://env/TOKEN',
  ],
  [{ fs: ['read:**', 'write:out/**'] }, 'reads files: anywhere in the project; writes files: out/**'],
  [{ fs: ['write:${' + 'state}/**'] }, "writes files: the project's .vp folder"],
  [{ subprocess: ['git'], env: ['HOME'] }, 'starts programs: git; reads environment variables: HOME'],
  [
    { secrets: ['config.url', 'X', 'config.headers', 'config.key'] },
    'reads secrets: url, headers and key of your configuration, X',
  ],
  [{ native: true }, 'loads native code'],
  [{}, 'asks for no permissions'],
  [{ network: [], native: false }, 'asks for no permissions'],
])('%j', (permissions, words) => {
  expect(permissionLine(permissions)).toBe(words);
});
