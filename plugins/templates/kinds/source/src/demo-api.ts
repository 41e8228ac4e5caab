import { createServer } from 'node:http';
import type { ApiRecord } from './columns.ts';

/** A small server that speaks like the real API: what the plugin is proved on, and tried with. */
export async function startDemoApi(init: {
  readonly token: string;
  readonly collections: Record<string, ApiRecord[]>;
  readonly port?: number;
}) {
  const { token, collections, port = 0 } = init;
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, {});
    if (pathname === '/collections') return answer(200, { collections: Object.keys(collections) });
    const after = BigInt(searchParams.get('after') ?? 0);
    const limit = Number(searchParams.get('limit') ?? 100);
    if (pathname === '/collections/endless') return answer(200, { records: invented(after, limit) });
    const records = collections[decodeURIComponent(pathname.replace('/collections/', ''))];
    if (records === undefined) return answer(404, {});
    answer(200, { records: records.filter(({ id }) => BigInt(id) > after).slice(0, limit) });
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has an address');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** The next page of a collection without an end. */
const invented = (after: bigint, limit: number): readonly ApiRecord[] =>
  Array.from({ length: limit }, (_, i) => ({ id: String(after + BigInt(i) + 1n), at: '2026-01-01T00:00:00Z' }));

/** Some records, with the values at which readers of JSON go wrong. */
export const demoRecords = (): ApiRecord[] => [
  { id: '1', at: '2026-01-01T00:00:00Z', label: 'first', value: 1.5 },
  { id: '2', at: '2026-01-01T06:00:00Z', label: '', value: null },
  { id: '3', at: '1969-12-31T23:59:59.999Z', label: null, value: -0.1 },
  { id: '9007199254740993', at: '2026-01-02T00:00:00Z', label: 'an id above 2^53', value: 0 },
];

// node src/demo-api.ts: to try the plugin in a project.
if (import.meta.main) {
  const { port } = await startDemoApi({
    token: 'demo',
    collections: { demo: demoRecords() },
    port: Number(process.env.PORT ?? 8787),
  });
  console.log(`the demo API listens on http://127.0.0.1:${port}, its token is "demo"`);
}
