import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type FixtureRegistry, sourcePlugin } from '../../../installer/test/lib/fixture-registry.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a registry that is not well, or not ours, answers to whatever is asked; and what is said of it. */
export const hostileAnswers: Readonly<Record<string, readonly [code: RegExp, answer: Answer]>> = {
  'a page of HTML': [/VP_REGISTRY_BAD_ANSWER/, (_, response) => response.end('<html>Log in</html>')],
  'nothing at all': [/VP_REGISTRY_UNREACHABLE/, (_, response) => response.end()],
  'a number': [/VP_REGISTRY_BAD_ANSWER/, (_, response) => response.end('42')],
  'redirections without an end': [
    /VP_REGISTRY_BAD_ANSWER/,
    (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
  ],
  'a redirection to a file': [
    /VP_REGISTRY_UNREACHABLE/,
    (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  ],
  'a gigabyte in a megabyte': [
    /VP_REGISTRY_BAD_ANSWER/,
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb()),
  ],
  'brackets, a million deep': [
    /VP_REGISTRY_BAD_ANSWER/,
    (_, response) => response.end(`${'['.repeat(1e6)}${']'.repeat(1e6)}`),
  ],
  'a document of prototypes': [
    /VP_INSTALL_NO_VERSION|VP_REGISTRY_BAD_ANSWER/,
    (_, response) =>
      response.end(
        `{"name":"@acme/good","__proto__":{"isAdmin":true},"dist-tags":{"latest":"__proto__"},"time":{"__proto__":1},"versions":{"__proto__":${version},"constructor":${version}}}`,
      ),
  ],
  'a connection that breaks off': [/VP_REGISTRY_UNREACHABLE/, (request) => request.socket.destroy()],
  'a document of another package': [
    /VP_REGISTRY_BAD_ANSWER/,
    (_, response) => response.end('{"name":"@acme/other","dist-tags":{},"versions":{}}'),
  ],
};

const version = '{"name":"@acme/good","version":"1.0.0","dist":{"tarball":"http://127.0.0.1/x.tgz"}}';

/** Made of sixty-four small ones: who compresses it whole answers nobody else for seconds. */
function bomb(): Buffer {
  const part = gzipSync(Buffer.alloc(2 ** 24, ' '));
  return Buffer.concat(Array.from({ length: 64 }, () => part));
}

/** A plugin of which every text that reaches a terminal tries to take it over. */
export async function publishEscapes(registry: FixtureRegistry): Promise<void> {
  const takeOver = '\u001b[2K\u001b[1A\u001b]0;pwned\u0007\u001b[8m\u009b31m\r';
  await registry.publish({
    name: '@acme/escapes',
    version: '1.0.0',
    vp: sourcePlugin('escapes', {
      displayName: `Good${takeOver}`,
      permissions: { network: [`good.example${takeOver}:443`] },
    }),
    manifest: {
      description: `Good${takeOver}`,
      license: `MIT${takeOver}`,
      dependencies: { [`good${takeOver}`]: '1.0.0' },
    },
    document: { deprecated: `Not at all${takeOver}` },
    published: `2026-01-01${takeOver}`,
  });
}
