import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Paths } from '@vp/plugin-sdk';
import { defineConformance } from '@vp/plugin-sdk/conformance';
import { rowsOf } from './lines.ts';
import { create{{class}}Sink } from './sink.ts';
import { readTableState, tableFile } from './table-file.ts';

/** What `npm test` and `vp plugins conformance` prove the sink on. */
export default defineConformance({
  sinks: {
    '{{id}}': {
      async create() {
        const project = await mkdtemp(join(tmpdir(), 'sink-'));
        const paths: Paths = { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) };
        const folder = join(project, 'lake', 'orders');
        // A folder cannot lie below a file.
        await writeFile(join(project, 'file'), '');
        const state = () => readTableState(folder);
        return {
          open: () => create{{class}}Sink({ config: { folder: 'lake' }, paths }),
          openBroken: () => create{{class}}Sink({ config: { folder: 'file/lake' }, paths }),
          options: { table: 'orders' },
          modes: ['replace', 'append'],
          async readBack() {
            const table = await state();
            if (table === undefined) return undefined;
            const texts = await Promise.all(table.files.map((name) => readFile(join(folder, name), 'utf8')));
            return texts.flatMap((text) => rowsOf(text, table.schema));
          },
          async leftovers() {
            const files = (await state())?.files ?? [];
            const names = await readdir(folder).catch(() => []);
            return names.filter((name) => name !== tableFile && !files.includes(name));
          },
          dispose: () => rm(project, { recursive: true }),
        };
      },
    },
  },
});
