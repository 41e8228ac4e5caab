import { join, resolve } from 'node:path';
import {
  type CallContext,
  type CommitMeta,
  type Logger,
  payloadFromRows,
  t,
  toTableSchema,
} from '@vp/plugin-sdk';
import { createNative } from '../src/native/reader.ts';
import { fileSink } from '../src/sink/sink.ts';

// A process of its own for the tests: writes commit after commit until it is killed.
// `node write-process.ts <project> <first token>`; each file has as many rows as its token says.
const [project = '', first = '1'] = process.argv.slice(2);
const paths = { project, state: join(project, '.vp'), resolve: (path: string) => resolve(project, path) };
const native = createNative({ spill: join(project, '.vp/tmp'), memory: '256MB' });
const sink = fileSink({ format: 'csv', paths, native });
const silent = () => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent, with: () => logger };
const context: CallContext = { signal: new AbortController().signal, logger, progress: silent };
const schema = toTableSchema({ id: t.int64() });

for (let n = Number(first); ; n++) {
  const token = String(n);
  const request = { options: { path: 'a.csv' }, schema, mode: 'replace', format: 'rows', token } as const;
  const writer = await sink.open(request, context);
  await writer.write(
    payloadFromRows(
      Array.from({ length: n }, (_, i) => ({ id: BigInt(i) })),
      schema,
    ),
    context,
  );
  const meta: CommitMeta = { runId: 'r', stepId: 's', token, fingerprint: 'f', inputs: {} };
  await writer.commit(meta, context);
  await writer.close();
  process.stdout.write(`${token}\n`);
}
