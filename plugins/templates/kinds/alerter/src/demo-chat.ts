import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** A chat for tests: keeps what it took, and answers as it is told. */
export async function startDemoChat(answer: { readonly refusals?: number; readonly isSilent?: boolean } = {}) {
  const { isSilent = false } = answer;
  let { refusals = 0 } = answer;
  const taken: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (isSilent) return;
    if (refusals-- > 0) return void response.writeHead(503).end();
    taken.push(body);
    response.end('ok');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has an address');
  return {
    url: `http://127.0.0.1:${address.port}/hooks/t0ken-of-the-room`,
    taken,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
