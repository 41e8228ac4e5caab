import { join } from 'node:path';
import { definePlugin, type Paths, points, provider, services } from '@vp/plugin-sdk';
import { createNative } from './native/reader.ts';
import { fileSink } from './sink/sink.ts';
import { filesSource } from './source/source.ts';

const deps = { paths: services.paths };

const nativeOf = (paths: Paths) => createNative({ spill: join(paths.state, 'tmp', 'files'), memory: '1GB' });

const sink = (format: 'parquet' | 'csv' | 'ndjson') =>
  provider(points.sink, {
    deps,
    create: ({ deps: { paths } }) => fileSink({ format, paths, native: nativeOf(paths) }),
  });

export default definePlugin({
  register(registrar) {
    registrar.contribute(
      points.source,
      'files',
      provider(points.source, {
        deps,
        create: ({ deps: { paths } }) => filesSource({ paths, native: nativeOf(paths) }),
      }),
    );
    registrar.contribute(points.sink, 'parquet', sink('parquet'));
    registrar.contribute(points.sink, 'csv', sink('csv'));
    registrar.contribute(points.sink, 'ndjson', sink('ndjson'));
  },
});
