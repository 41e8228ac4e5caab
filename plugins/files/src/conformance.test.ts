import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  collectRows,
  type JsonObject,
  type Paths,
  payloadFromRows,
  type Row,
  type Sink,
  type Source,
} from '@vp/plugin-sdk';
import type { Decoder, Encoder } from '@vp/plugin-sdk/conformance';
import { sinkConformance, sinkTable, sourceConformance, testContext } from '@vp/plugin-sdk/testing';
import { afterAll } from 'vitest';
import { createNative } from './native/reader.ts';
import type { SinkFormat } from './sink/formats.ts';
import { fileSink } from './sink/sink.ts';
import { filesSource } from './source/source.ts';

async function openProject() {
  const project = await mkdtemp(join(tmpdir(), 'vp-files-'));
  const paths: Paths = { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) };
  const made: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(one: T): T => {
    made.push(one);
    return one;
  };
  const native = () => createNative({ spill: join(project, '.vp/tmp'), memory: '512MB' });
  const read = async (options: JsonObject): Promise<readonly Row[]> => {
    const source = keep(filesSource({ paths, native: native() }));
    const { parts } = await source.read({ options, format: 'rows' }, testContext());
    return (await Promise.all(parts.map(collectRows))).flat();
  };
  return {
    project,
    read,
    source: (): Source => keep(filesSource({ paths, native: native() })),
    sink: (format: SinkFormat): Sink => keep(fileSink({ format, paths, native: native() })),
    async dispose() {
      for (const one of made) await one[Symbol.asyncDispose]();
      await rm(project, { recursive: true, force: true });
    },
  };
}

const { schema, rows } = sinkTable;
/** Types that text does not tell by itself. */
const columns = {
  id: 'int64',
  amount: 'decimal(18,4)',
  at: 'timestamp(us)',
  day: 'date',
  ratio: 'float64',
  ok: 'bool',
};
const nullable = { fields: schema.fields.map((f) => ({ ...f, nullable: true })) };

// Long to read and quick to write: what cancellation is tried on. Made once for all laws.
let endless: Promise<string> | undefined;
const endlessFile = () => {
  endless ??= makeEndless();
  return endless;
};
async function makeEndless(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vp-files-'));
  await using native = createNative({ spill: folder, memory: '512MB' });
  const path = join(folder, 'endless.parquet');
  await native.run(`copy (select 'always the same' as x from range(20000000)) to '${path}' (format parquet)`);
  return path;
}
afterAll(async () => {
  if (endless !== undefined) await rm(dirname(await endless), { recursive: true });
});

sinkConformance({
  id: 'parquet',
  variant: 'folder',
  from: import.meta.dirname,
  async create() {
    const place = await openProject();
    const folder = join(place.project, 'out');
    const parts = async () => (await listed(folder)).filter((n) => n.startsWith('part-'));
    return {
      open: () => place.sink('parquet'),
      options: { path: 'out/' },
      modes: ['replace', 'append'],
      readBack: async () =>
        (await parts()).length === 0 ? undefined : await place.read({ path: 'out/*.parquet' }),
      leftovers: async () => (await listed(folder)).filter((n) => !n.startsWith('part-') && n !== '.vp.json'),
      encoders: encodersOf(place),
      dispose: place.dispose,
    };
  },
});

for (const format of ['csv', 'ndjson', 'parquet'] as const) {
  const typed = format === 'parquet' ? {} : { columns };

  sinkConformance({
    id: format,
    from: import.meta.dirname,
    async create() {
      const place = await openProject();
      const path = `out/table.${format}`;
      return {
        open: () => place.sink(format),
        options: { path },
        modes: ['replace'],
        async readBack() {
          const names = await listed(join(place.project, 'out'));
          return names.includes(`table.${format}`) ? await place.read({ path, ...typed }) : undefined;
        },
        async leftovers() {
          const names = await listed(join(place.project, 'out'));
          return names.filter((n) => n !== `table.${format}` && n !== `.table.${format}.vp.json`);
        },
        encoders: encodersOf(place),
        dispose: place.dispose,
      };
    },
  });

  sourceConformance({
    id: 'files',
    variant: format,
    from: import.meta.dirname,
    async create() {
      const place = await openProject();
      await writeTable(place.sink(format), `table.${format}`, { schema, rows });
      const parquet: Decoder = async (payload) => {
        if (payload.carrier !== 'files') throw new Error('Parquet comes as files.');
        return await place.read({ path: payload.files.map((f) => f.uri) });
      };
      const text = format !== 'parquet';
      return {
        open: () => place.source(),
        options: { path: `table.${format}`, ...typed },
        missing: { path: `nothing.${format}` },
        endless: { path: await endlessFile() },
        schema: nullable,
        rows,
        ordered: true,
        decoders: { parquet },
        ...(text
          ? {
              moreRows: [{ id: 77n, name: 'more', amount: '1.0000', at: 5n, day: 5, ratio: 0.5, ok: true }],
              append: async () => appendFile(join(place.project, `table.${format}`), moreText[format]),
            }
          : {}),
        dispose: place.dispose,
      };
    },
  });
}

type Place = Awaited<ReturnType<typeof openProject>>;

/** Payloads of each format that the sinks take, by way of a file. */
function encodersOf(place: Place): Readonly<Record<string, Encoder>> {
  const encoder =
    (format: SinkFormat): Encoder =>
    async (table) => {
      const path = `in-${crypto.randomUUID()}.${format}`;
      await writeTable(place.sink(format), path, table);
      const options = { path, ...(format === 'parquet' ? {} : { columns }) };
      const { parts } = await place.source().read({ options, format }, testContext());
      const [payload] = parts;
      if (payload === undefined) throw new Error('The source gave no part.');
      return payload;
    };
  return { csv: encoder('csv'), ndjson: encoder('ndjson'), parquet: encoder('parquet') };
}

const moreText = {
  csv: '77,more,1.0000,1970-01-01 00:00:00.000005,1970-01-06,0.5,true\n',
  ndjson: `${JSON.stringify({ id: 77, name: 'more', amount: '1.0000', at: '1970-01-01 00:00:00.000005', day: '1970-01-06', ratio: 0.5, ok: true })}\n`,
};

const listed = async (folder: string): Promise<readonly string[]> =>
  existsSync(folder) ? await readdir(folder) : [];

async function writeTable(
  sink: Sink,
  path: string,
  table: { readonly schema: typeof schema; readonly rows: readonly Row[] },
): Promise<void> {
  const request = {
    options: { path },
    schema: table.schema,
    mode: 'replace',
    format: 'rows',
    token: path,
  } as const;
  const writer = await sink.open(request, testContext());
  await writer.write(payloadFromRows(table.rows, table.schema), testContext());
  await writer.commit({ runId: 'r', stepId: 's', token: path, fingerprint: 'f', inputs: {} }, testContext());
  await writer.close();
}
