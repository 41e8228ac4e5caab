import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// What people read when they have made a mistake, from the compiler that they run.
const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));

const prelude = `import { asset, check, publish, sink, source, sql, t } from 'vibepiper';
const flights = asset('flights', {
  source: source('files', { path: 'f.parquet' }),
  schema: { id: t.int64(), delay: t.int32().nullable(), origin: t.text() },
});
void [asset, check, publish, sink, sql, flights];
`;

/** What a plugin and a project's vp-env.d.ts add. */
const environment = `import type {} from '@vp/contracts';
declare module '@vp/contracts' {
  interface SourceOptions { files: { readonly path: string } }
  interface SinkOptions { files: { readonly path: string } }
}
declare module 'vibepiper' { interface KnownSources { weather: true } }
`;

const programs: Readonly<Record<string, { readonly code: string; readonly says: readonly string[] }>> = {
  renamed_in_rows: {
    code: `asset('x', { from: flights, schema: { id: t.int64() }, rows: (row) => ({ id: row.flight }) });`,
    says: [
      `Property 'flight' does not exist on type '{ readonly id: bigint; readonly delay: number | null; readonly origin: string; }'`,
    ],
  },
  renamed_in_check: {
    code: `asset('x', { source: source('files', { path: 'x' }), schema: { id: t.int64() }, checks: [check.notNull('di')] });`,
    says: [`Type '"di"' is not assignable to type '"id"'`],
  },
  renamed_in_sql: {
    code: `asset('x', { sql: sql\`select \${flights.columns.dely} from \${flights}\` });`,
    says: [`Property 'dely' does not exist on type`, `Did you mean 'delay'?`],
  },
  retyped: {
    code: `asset('x', { from: flights, schema: { id: t.int32() }, rows: (row) => ({ id: row.id }) });`,
    says: [`Types of property 'id' are incompatible`, `Type 'bigint' is not assignable to type 'number'`],
  },
  missing: {
    code: `asset('x', { from: flights, schema: { id: t.int64(), late: t.bool() }, rows: (row) => ({ id: row.id }) });`,
    says: [`Property 'late' is missing in type`],
  },
  excess: {
    code: `asset('x', { from: flights, schema: { id: t.int64() }, rows: (row) => ({ id: row.id, more: 1 }) });`,
    says: [`\\"more\\" is not a column of this asset's schema`],
  },
  misspelt_option: {
    code: `asset('x', { source: source('files', { path: 'x' }), desciption: 'x' });`,
    says: [`'desciption' does not exist in type`, `Did you mean to write 'description'?`],
  },
  source_option: {
    code: `source('files', { paht: 'x' });`,
    says: [`'paht' does not exist in type`],
  },
  source_id: {
    code: `source('flies', { path: 'x' });`,
    says: [`'"flies"' is not assignable to parameter of type '"files" | "weather"'`],
  },
};

let folder: string;
let output: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vp-tsc-'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const config = {
    extends: join(repository, 'tsconfig.test-base.json'),
    compilerOptions: {
      composite: false,
      incremental: false,
      tsBuildInfoFile: null,
      typeRoots: [join(repository, 'node_modules/@types')],
    },
    include: ['*.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'vp-env.d.ts'), environment);
  for (const [name, { code }] of Object.entries(programs))
    await writeFile(join(folder, `${name}.ts`), prelude + code);
  await writeFile(
    join(folder, 'right.ts'),
    `${prelude}source('weather', { city: 'Oslo' }); source('files', { path: 'x', connection: 'c' });`,
  );
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  output = await run(process.execPath, [tsc, '-p', folder, '--noEmit', '--pretty', 'false']).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the compiler names the mistake', () => {
  test.each(Object.entries(programs))('%s', (name, { says }) => {
    const start = output.indexOf(`${name}.ts(`);
    expect(start, output).toBeGreaterThanOrEqual(0);
    const message = output.slice(start).split(/\n(?! )/)[0];
    for (const words of says) expect(message).toContain(words);
  });

  test('and nothing else', () => {
    const files = output
      .split('\n')
      .filter((line) => /^\S/.test(line))
      .map((line) => line.split('(')[0]?.replace(/.*\//, ''));
    expect(new Set(files)).toEqual(new Set(Object.keys(programs).map((name) => `${name}.ts`)));
  });
});
