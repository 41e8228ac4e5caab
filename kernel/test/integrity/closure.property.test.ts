import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refusalOf } from '../support/healthy.ts';
import { createInstalled } from '../support/installed.ts';

/** A tree of packages: some at the top, some within others, as npm nests versions that differ. */
const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '@acme/d', '@acme/e'), { minLength: 1 });
const tree = fc.tuple(names, names, fc.nat()).map(([top, nested, at]) => {
  const home = `node_modules/${top[at % top.length]}`;
  const inner = nested.map((name) => `${home}/node_modules/${name}`);
  return [...top.map((name) => `node_modules/${name}`), ...inner];
});

const dep = { version: '1.0.0', files: { 'index.js': 'export {};', 'lib/x.js': '' } };

test('a plugin is refused for a package that it may load, by its file, and for no other package', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.nat(), fc.nat(), async (places, cut, pick) => {
      const closure = places.slice(0, cut % (places.length + 1));
      const victim = places[pick % places.length] ?? '';
      using installed = createInstalled({
        zoo: ['healthy'],
        packages: Object.fromEntries(places.map((place) => [place, dep])),
        closure,
      });
      expect(await refusalOf(installed)).toBeUndefined();
      appendFileSync(installed.path(`${victim}/lib/x.js`), '//');
      const error = await refusalOf(installed);
      if (!closure.includes(victim)) expect(error).toBeUndefined();
      else {
        expect(error?.code).toBe('VP_PLUGIN_TAMPERED');
        expect(error?.message).toContain(`.vp/plugins/current/${victim}/lib/x.js was changed.`);
      }
    }),
    { numRuns: 25 },
  );
});
