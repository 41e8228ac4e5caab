import { hasBrand, type PluginRegistrar } from '@vp/plugin-sdk';
import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { errorTable } from './errors.ts';
import type { CsvSinkOptions, FilesOptions, NdjsonSinkOptions, ParquetSinkOptions } from './options.ts';
import plugin from './plugin.ts';

/** Every key of `T`, each once: a key that is added to the type must be added here to compile. */
const keys = <T>(all: { readonly [K in keyof Required<T>]: true }) => Object.keys(all).sort();

const { sources, sinks } = packageJson.vp.contributes;

test('fills exactly what the manifest names', () => {
  const made: string[] = [];
  const registrar: PluginRegistrar = {
    contribute: (point, id) => made.push(`${point.contract} ${id}`),
    provide: () => expect.unreachable(),
    tap: () => expect.unreachable(),
  };
  plugin.register(registrar);
  expect(hasBrand(plugin, '@vp/plugin', 'v1')).toBe(true);
  expect(made).toEqual([...sources, ...sinks].map((c) => `${c.contract} ${c.id}`));
});

test('the options in the manifest are those of the types', () => {
  const schemaKeys = (id: string) =>
    Object.keys([...sources, ...sinks].find((c) => c.id === id)?.options.properties ?? {}).sort();
  expect(schemaKeys('files')).toEqual(
    keys<FilesOptions>({
      path: true,
      format: true,
      compression: true,
      delimiter: true,
      quote: true,
      escape: true,
      header: true,
      names: true,
      null: true,
      encoding: true,
      skip: true,
      date_format: true,
      timestamp_format: true,
      columns: true,
      records: true,
      hive: true,
      union: true,
      sample: true,
    }),
  );
  expect(schemaKeys('parquet')).toEqual(keys<ParquetSinkOptions>({ path: true, compression: true }));
  expect(schemaKeys('ndjson')).toEqual(keys<NdjsonSinkOptions>({ path: true, compression: true }));
  expect(schemaKeys('csv')).toEqual(
    keys<CsvSinkOptions>({
      path: true,
      compression: true,
      delimiter: true,
      quote: true,
      header: true,
      null: true,
      date_format: true,
      timestamp_format: true,
    }),
  );
});

test('each error has a summary for the index', () => {
  for (const row of Object.values(errorTable)) expect(row.summary).toMatch(/\.$/);
});
