import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objection } from './lib/import-rule.ts';
import { importsOf } from './lib/imports.ts';
import { root, workspaces } from './lib/repo.ts';

const sources = ['src', 'test', 'bin', 'scripts'].map((folder) => `${folder}/**/*.{ts,mts,tsx,js,mjs}`);
const all = workspaces();
const own = new Set(all.map(({ manifest }) => manifest.name));
const problems: string[] = [];

for (const workspace of all) {
  for (const file of globSync(sources, { cwd: join(root, workspace.dir) })) {
    const path = `${workspace.dir}/${file}`;
    for (const site of importsOf(file, readFileSync(join(root, path), 'utf8'))) {
      const why = objection({ workspace, own, file, site });
      if (why) problems.push(`${path}:${site.line} imports '${site.specifier}': ${why}`);
    }
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
