import fc from 'fast-check';
import { expect, test } from 'vitest';
import { badge, plugin } from '../../test/lib/memory-catalogue.ts';
import { createSearchIndex } from './search-index.ts';

const source = (id: string, capabilities: string[] = []) => ({
  id,
  contract: 'source@1',
  formats: ['rows'],
  capabilities,
});
const sink = (id: string, capabilities: string[] = []) => ({
  id,
  contract: 'sink@1',
  formats: ['rows'],
  capabilities,
});

const postgres = plugin({
  name: '@vp/postgres',
  description: 'Tables of PostgreSQL as a source and a sink',
  keywords: ['database', 'sql'],
  badge: badge(),
  manifest: {
    displayName: 'PostgreSQL',
    contributes: {
      sources: [source('postgres', ['incremental', 'cdc'])],
      sinks: [sink('postgres', ['merge'])],
    },
  },
});
const weather = plugin({
  name: 'acme-weather',
  description: 'Forecasts of the Acme weather API',
  readme: 'Writes well beside a postgres sink. Uses a Stationenverzeichnis.',
  manifest: { contributes: { sources: [source('acme-weather')] } },
});
const mail = plugin({
  name: '@acme/mail',
  description: 'Alerts by e-mail',
  badge: badge('core'),
  manifest: {
    contributes: { alerters: [{ id: 'mail', contract: 'alerter@1', description: 'SMTP letters' }] },
  },
});
const library = { ...plugin({ name: '@vp/contracts' }) };
const noPlugin = { ...library, versions: library.versions.map((each) => ({ ...each, manifest: undefined })) };

function filled(packages = [postgres, weather, mail, noPlugin]) {
  const index = createSearchIndex();
  for (const each of packages) index.put(each);
  const names = (query: Parameters<typeof index.search>[0]) =>
    index.search(query).plugins.map(({ name }) => name);
  return { ...index, names };
}

test.each([
  ['@vp/postgres', ['@vp/postgres', 'acme-weather']],
  ['PostgreSQL', ['@vp/postgres']],
  ['post', ['@vp/postgres', 'acme-weather']],
  ['postgers', ['@vp/postgres']],
  ['wether', ['acme-weather']],
  ['databse', ['@vp/postgres']],
  ['forcasts', ['acme-weather']],
  ['postgers source', ['@vp/postgres']],
  ['cdc', ['@vp/postgres']],
  ['letters', ['@acme/mail']],
  ['stationenverzeichnis', ['acme-weather']],
  ['the plugin for weather', ['acme-weather']],
  ['postgres source', ['@vp/postgres', 'acme-weather']],
  ['postgres alerter', []],
  ['xyzzy', []],
  ['contracts', []],
])('%s finds %j', (q, names) => {
  expect(filled().names({ q })).toEqual(names);
});

test('without words everything is found: full badges, then core, then none, then by name', () => {
  expect(filled().names({})).toEqual(['@vp/postgres', '@acme/mail', 'acme-weather']);
  expect(filled().names({ q: ' +-!? ' })).toHaveLength(3);
});

test('a capability is one of a contribution of the kind that is asked for', () => {
  const { names } = filled();
  expect(names({ kind: 'source' })).toEqual(['@vp/postgres', 'acme-weather']);
  expect(names({ kind: 'source', capability: 'cdc' })).toEqual(['@vp/postgres']);
  expect(names({ kind: 'sink', capability: 'cdc' })).toEqual([]);
  expect(names({ capability: 'merge' })).toEqual(['@vp/postgres']);
  expect(names({ badge: true })).toEqual(['@vp/postgres', '@acme/mail']);
  expect(names({ badge: true, q: 'weather' })).toEqual([]);
});

test('facets count what each filter would leave', () => {
  const { kinds, badge: badges } = filled().facets({ kind: 'alerter' });
  expect(Object.fromEntries(kinds)).toEqual({ source: 2, sink: 1, alerter: 1 });
  expect(badges).toBe(1);
});

test('the newest version that is not yanked is shown; a plugin that is yanked whole is not', () => {
  const yanked = { tree: '', manifest: '', yanked: { reason: 'loses rows', at: '2026-11-21T00:00:00Z' } };
  const partly = plugin({ name: 'a', versions: [{ version: '2.0.0', facts: yanked }, { version: '1.0.0' }] });
  const wholly = plugin({ name: 'b', versions: [{ version: '1.0.0', facts: yanked }] });
  expect(filled([partly, wholly]).search({})).toMatchObject({
    total: 1,
    plugins: [{ name: 'a', version: '1.0.0' }],
  });
});

test('a package that changes is found by what it says now, and by nothing that it said', () => {
  const index = filled();
  index.put({
    ...weather,
    versions: plugin({ name: 'acme-weather', description: 'Tides' }).versions,
    readme: '',
  });
  expect(index.names({ q: 'tides' })).toEqual(['acme-weather']);
  expect(index.names({ q: 'forecasts' })).toEqual([]);
  index.remove('acme-weather');
  expect(index.names({ q: 'tides' })).toEqual([]);
});

test('pages put together are the whole list, whatever the query', () => {
  const words = ['alpha', 'beta', 'gamma', 'alphabet', 'source'];
  const plugins = fc.uniqueArray(
    fc.record({ name: fc.stringMatching(/^[a-z]{3,8}$/), words: fc.subarray(words), full: fc.boolean() }),
    { maxLength: 12, selector: ({ name }) => name },
  );
  fc.assert(
    fc.property(
      plugins,
      fc.constantFrom('', ...words, 'alhpa'),
      fc.integer({ min: 1, max: 5 }),
      (all, q, limit) => {
        const index = createSearchIndex();
        for (const each of all)
          index.put(
            plugin({
              name: each.name,
              description: each.words.join(' '),
              ...(each.full && { badge: badge() }),
            }),
          );
        const whole = index.search({ q, limit: 100 });
        const pages = Array.from({ length: Math.ceil(whole.total / limit) }, (_, page) =>
          index.search({ q, limit, offset: page * limit }),
        );
        expect(pages.flatMap(({ plugins }) => plugins)).toEqual(whole.plugins);
        expect(whole.plugins).toHaveLength(whole.total);
      },
    ),
  );
});
