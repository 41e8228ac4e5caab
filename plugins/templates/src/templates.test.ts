import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const home = join(import.meta.dirname, '..');
const pack: {
  vp: { templates: readonly { id: string; kind: string; directory: string }[] };
} = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));

test('every template of the manifest is there, and every folder is in the manifest', () => {
  const folders = pack.vp.templates.map(({ directory }) => directory.replace('./kinds/', ''));
  expect(folders.toSorted()).toEqual(globSync('*', { cwd: join(home, 'kinds') }).toSorted());
});

test.each(pack.vp.templates.map(({ kind, directory }) => [kind, directory] as const))(
  '%s: a manifest that names it, a README, tests, and no file that nobody reads in one sitting',
  (kind, directory) => {
    const folder = join(home, directory);
    for (const file of ['_package.json', 'README.md', 'tsconfig.json', '_gitignore', 'src/plugin.test.ts'])
      expect(existsSync(join(folder, file)), `${kind}/${file}`).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, '_package.json'), 'utf8')).name).toBe('{{name}}');
    for (const file of globSync('src/*.ts', { cwd: folder })) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text.split('\n').length, `${kind}/${file}`).toBeLessThan(160);
      expect(text, `${kind}/${file}`).not.toMatch(/: any\b|as any\b|TODO|FIXME|ts-ignore/);
    }
  },
);
