import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageTarball, publishBody, tarball } from './lib/pack.ts';
import { optionsSchema, plain, plugin, pluginFiles, source, withReport } from './lib/packages.ts';
import { type TestRegistry, testRegistry } from './lib/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry({
    settings: { max_package_bytes: 200_000, gate: { max_unpacked_bytes: 400_000 } },
  });
});
afterAll(() => registry[Symbol.asyncDispose]());

interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly license?: string | undefined;
}

/** Publishes, and expects a refusal that leaves no trace of the version. */
async function refused(packageJson: TestPackage, init: Parameters<TestRegistry['publish']>[1] = {}) {
  const before = await registry.versions(packageJson.name);
  const { status, body } = await registry.publish(packageJson, init);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(await registry.versions(packageJson.name)).toEqual(before);
  const file = `${packageJson.name.split('/').at(-1)}-${packageJson.version}.tgz`;
  if (!before.includes(packageJson.version))
    expect((await registry.call('GET', `${packageJson.name}/-/${file}`)).status).toBe(404);
  // npm prints `error`; vp reads the others.
  expect(body).toMatchObject({ error: expect.stringContaining(`[${body.code}]`), class: 'user' });
  return `${body.code}: ${body.message}`;
}

const named = (name: string) => ({ ...plain(), name });

test('a plugin that holds what it says is published with its facts and a badge', async () => {
  const good = plugin('1.0.0', { name: '@acme/good' });
  const { status, body } = await registry.publish(good, { files: withReport(good) });
  expect(body).toMatchObject({ notes: [], vpRegistry: { badge: { level: 'full', passed: 1 } } });
  expect(status).toBe(201);
  const document = await registry.call('GET', '@acme%2fgood');
  expect(document.body.versions?.['1.0.0']).toMatchObject({
    vp: good.vp,
    vpRegistry: { tree: expect.stringMatching(/^sha256-/), manifest: expect.stringMatching(/^sha256-/) },
    dist: { signatures: [{ keyid: expect.stringMatching(/^SHA256:/) }] },
  });
  expect(document.body.readme).toBe('# Weather\n');
});

describe('no badge, and the answer says why', () => {
  test.each<[string, (p: ReturnType<typeof plugin>) => Readonly<Record<string, string>>, string]>([
    ['no report', () => pluginFiles, 'has no conformance.json'],
    ['other code', (p) => ({ ...withReport(p), 'plugin.js': 'export default 2;' }), 'is about other code'],
    ['another version', (p) => withReport(p, { version: '0.9.0' }), 'is about @acme/'],
    ['no digest', (p) => withReport(p, { digest: undefined }), 'does not say which code'],
    ['nothing tested', (p) => withReport(p, { contributions: [] }), 'or none at all'],
    ['no report in it', () => ({ ...pluginFiles, 'conformance.json': '{}' }), 'is no conformance report'],
    [
      'of another plugin',
      (p) =>
        withReport(p, {
          contributions: [{ point: 'sink', id: 'x', contract: 'sink@1', kit: '1', laws: [] }],
        }),
      'tests sink x, which the manifest does not have',
    ],
  ])('%s', async (what, files, why) => {
    const name = `@acme/badge-${what.replaceAll(' ', '-')}`;
    const one = plugin('1.0.0', { name });
    const { status, body } = await registry.publish(one, { files: files(one) });
    expect({ status, notes: body.notes }).toEqual({ status: 201, notes: [expect.stringContaining(why)] });
    expect(
      (await registry.call('GET', name.replace('/', '%2f'))).body.versions?.['1.0.0']?.vpRegistry.badge,
    ).toBe(undefined);
  });
});

test('a wrong shasum, a wrong integrity and none at all', async () => {
  const one = named('@acme/digest');
  expect(await refused(one, { dist: { shasum: '0'.repeat(40) } })).toMatch(/^VP_REGISTRY_DIGEST: .*sha1/);
  expect(await refused(one, { dist: { integrity: 'sha512-AAAA' } })).toMatch(/^VP_REGISTRY_DIGEST: .*sha512/);
  expect(await refused(one, { dist: { integrity: undefined, shasum: undefined } })).toMatch(
    /^VP_REGISTRY_BAD_REQUEST/,
  );
});

test('bytes that are no tarball, too many of them, and a bomb', async () => {
  const one = named('@acme/bytes');
  expect(await refused(one, { bytes: Buffer.from('hello') })).toMatch(
    /^VP_REGISTRY_TARBALL: .*cannot be read/,
  );
  const cut = (await packageTarball(one, { 'a.js': 'x'.repeat(50_000) })).subarray(0, 80);
  expect(await refused(one, { bytes: Buffer.from(cut) })).toMatch(/^VP_REGISTRY_TARBALL: .*cannot be read/);
  const bomb = await packageTarball(one, { 'zeros.txt': '0'.repeat(500_000) });
  expect(bomb.length).toBeLessThan(5_000);
  expect(await refused(one, { bytes: bomb })).toMatch(/^VP_REGISTRY_TARBALL: .*unpacks to more than 400000/);
  // Nothing but padding behind the end of the archive.
  const padding = gzipSync(Buffer.alloc(50_000_000));
  expect(await refused(one, { bytes: Buffer.concat([await packageTarball(one), padding]) })).toMatch(
    /unpacks to more/,
  );
  expect(await refused(one, { bytes: Buffer.alloc(200_001) })).toMatch(
    /^VP_REGISTRY_TOO_LARGE: .*200001 bytes/,
  );
  expect(await refused(one, { bytes: Buffer.alloc(6_000_000) })).toMatch(/^VP_REGISTRY_TOO_LARGE/);
});

test('entries that would land outside the package, or on another machine on top of each other', async () => {
  const one = named('@acme/entries');
  const own = { name: 'package/package.json', content: JSON.stringify(one) };
  const cases: readonly [Parameters<typeof tarball>[0][number], RegExp][] = [
    [{ name: 'package/../../evil.js', content: 'x' }, /leads out of the package/],
    [{ name: '/etc/evil', content: 'x' }, /absolute path/],
    [{ name: 'package/a\\..\\b', content: 'x' }, /character that no path should have/],
    [{ name: 'package/C:evil', content: 'x' }, /character that no path should have/],
    [{ name: 'other/x.js', content: 'x' }, /not beneath package\//],
    [{ name: 'package/link', type: 'symlink', linkname: '/etc/passwd' }, /is a symlink/],
    [{ name: 'package/hard', type: 'link', linkname: 'package/package.json' }, /is a link/],
    [{ name: 'package/dev', type: 'character-device' }, /is a character-device/],
    [{ name: 'package/pipe', type: 'fifo' }, /is a fifo/],
    [{ name: 'package/package.json', content: '{}' }, /package.json is in it twice/],
    [{ name: 'package/Package.json', content: '{}' }, /same file on some machines/],
    [{ name: 'package/package.json/x', content: 'x' }, /is a file and a folder/],
    [{ name: 'package/node_modules/pg/index.js', content: 'x' }, /package of others/],
  ];
  for (const [entry, message] of cases) {
    const said = await refused(one, { bytes: await tarball([own, entry]) });
    expect(said, entry.name).toMatch(/^VP_REGISTRY_TARBALL/);
    expect(said).toMatch(message);
  }
  const accents = [own, { name: 'package/caf\u00e9' }, { name: 'package/cafe\u0301' }];
  expect(await refused(one, { bytes: await tarball(accents) })).toMatch(/same file on some machines/);
  const folders = [own, { name: 'package/lib/a' }, { name: 'package/Lib/b' }];
  expect(await refused(one, { bytes: await tarball(folders) })).toMatch(/same folder on some machines/);
  expect(await refused(one, { bytes: await tarball([{ name: 'package/x' }]) })).toMatch(
    /has no package.json/,
  );
});

test('a request that says something else than the package', async () => {
  const one = named('@acme/lies');
  const bytes = await packageTarball({ ...one, dependencies: { pg: '^8.0.0' } });
  expect(await refused(one, { bytes })).toMatch(/^VP_REGISTRY_LIES: .*dependencies is {}/);
  expect(await refused({ ...one, version: '2.0.0' }, { bytes })).toMatch(
    /^VP_REGISTRY_LIES: .*version is 2.0.0/,
  );
  const other = await packageTarball(named('@acme/other'));
  expect(await refused(one, { bytes: other })).toMatch(/^VP_REGISTRY_LIES: .*name/);
  const real = plugin('1.0.0', { name: '@acme/lies' });
  const tame = { ...real, vp: { ...real.vp, permissions: {} } };
  const hungry = await packageTarball(
    { ...real, vp: { ...real.vp, permissions: { subprocess: ['sh'] } } },
    pluginFiles,
  );
  expect(await refused(tame, { bytes: hungry })).toMatch(/^VP_REGISTRY_LIES: .*vp/);
  // An optional dependency, npm names once only.
  const optional = { ...named('@acme/optional'), optionalDependencies: { pg: '^8.0.0' } };
  const packed = await packageTarball({ ...optional, dependencies: { pg: '^8.0.0' } });
  expect((await registry.publish(optional, { bytes: packed })).status).toBe(201);
});

test('install scripts, by name and by binding.gyp; prepare is none', async () => {
  const one = named('@acme/scripts');
  for (const script of ['preinstall', 'install', 'postinstall']) {
    expect(await refused({ ...one, ...{ scripts: { [script]: 'node x.js' } } })).toMatch(
      new RegExp(`^VP_REGISTRY_INSTALL_SCRIPT: .*"${script}"`),
    );
  }
  expect(await refused(one, { files: { 'binding.gyp': '{}' } })).toMatch(
    /^VP_REGISTRY_INSTALL_SCRIPT: .*binding.gyp/,
  );
  expect((await registry.publish({ ...one, ...{ scripts: { prepare: 'husky' } } })).status).toBe(201);
});

test('no licence, no name, and names that npm would not take', async () => {
  const one = named('@acme/licence');
  expect(await refused({ ...one, license: '' })).toMatch(/^VP_REGISTRY_LICENCE/);
  expect(await refused({ ...one, license: undefined })).toMatch(/^VP_REGISTRY_LICENCE/);
  for (const name of ['@acme/Upper', '@acme/.hidden', 'node_modules', '@acme/a b']) {
    const { status, body } = await registry.call('PUT', encodeURIComponent(name), {
      body: publishBody(named(name), await packageTarball(named(name))),
    });
    expect({ name, status, code: body.code }).toEqual({ name, status: 422, code: 'VP_REGISTRY_NAME' });
  }
  const { status } = await registry.call('PUT', '..%2f..%2fevil', {
    body: publishBody(named('../../evil'), await packageTarball(named('../../evil'))),
  });
  expect(status).toBe(422);
  const outside: readonly [string, unknown][] = [
    ['..%2f..%2fprivate', { versions: {} }],
    ['-/package/..%2f..%2fprivate/dist-tags/beta', '1.0.0'],
  ];
  for (const [path, body] of outside)
    expect((await registry.call('PUT', path, { body })).body.code, path).toBe('VP_REGISTRY_NAME');
  const tagged = await registry.publish(named('@acme/tag'), { tag: '1.x' });
  expect(tagged.body.error).toMatch(/would read as a range/);
});

test('versions: none, there already, below one of its major; an older major may have a fix', async () => {
  const at = (version: string) => ({ ...named('@acme/versions'), version });
  expect(await refused(at('1.2'))).toMatch(/^VP_REGISTRY_VERSION: .*not a semantic version/);
  expect(await refused(at('v1.2.0'))).toMatch(/^VP_REGISTRY_VERSION/);
  expect((await registry.publish(at('1.2.0'))).status).toBe(201);
  expect(await refused(at('1.2.0'))).toMatch(/^VP_REGISTRY_VERSION_EXISTS/);
  expect(await refused(at('1.1.9'))).toMatch(/^VP_REGISTRY_VERSION: .*1.2.0 of the same major/);
  expect(await refused(at('1.2.0-beta.1'))).toMatch(/^VP_REGISTRY_VERSION: /);
  expect((await registry.publish(at('2.0.0'))).status).toBe(201);
  const fix = await registry.publish(at('1.2.1'));
  expect(fix.body.notes).toEqual(['The tag latest stays at 2.0.0.']);
  expect((await registry.call('GET', '@acme%2fversions')).body['dist-tags']).toEqual({ latest: '2.0.0' });
  const next = await registry.publish(at('3.0.0-beta.1'), { tag: 'next' });
  expect(next.status).toBe(201);
  expect((await registry.call('GET', '@acme%2fversions')).body['dist-tags']).toEqual({
    latest: '2.0.0',
    next: '3.0.0-beta.1',
  });
});

test('a manifest that is wrong, or names what is not there', async () => {
  const name = '@acme/manifest';
  const of = (vp: object, more: object = {}) => ({ ...plugin('1.0.0', { name, vp }), ...more });
  const cases: readonly [ReturnType<typeof of>, RegExp][] = [
    [of({ colour: 'red' }), /\/vp of package.json: .*colour/],
    [of({ contributes: { sources: [{ id: 'x' }] } }), /\/vp\/contributes\/sources\/0\/contract/],
    [of({ entry: './gone.js' }), /\/vp\/entry .*gone.js is not in the package/],
    [of({ entry: './../plugin.js' }), /leads out of the package/],
    [of({ conformance: './gone.json' }), /\/vp\/conformance .*not in the package/],
    [of({ contributes: { sources: [source({ options: './gone.json' })] } }), /options .*gone.json is not in/],
    [of({ contributes: { sources: [source({ options: './plugin.js' })] } }), /plugin.js is not JSON/],
    [of({ contributes: { sources: [source({ contract: 'sink@1' })] } }), /does not fill the point source/],
    [of({ contributes: { sources: [source(), source()] } }), /source weather stands at/],
    [
      of({
        templates: [
          { id: 't', contract: 'template@1', description: '', kind: 'source', directory: './gone' },
        ],
      }),
      /templates\/0\/directory .*no folder/,
    ],
    [of({}, { engines: { vp: '*' } }), /does not pin a major/],
    [of({}, { engines: {} }), /says which vp/],
    [of({}, { type: 'commonjs' }), /ES module/],
  ];
  for (const [packageJson, message] of cases) {
    const said = await refused(packageJson, { files: pluginFiles });
    expect(said).toMatch(/^VP_REGISTRY_MANIFEST/);
    expect(said).toMatch(message);
  }
});

test('a minor version takes nothing away that its major promised', async () => {
  const name = '@acme/promises';
  const of = (version: string, vp: object = {}, more: object = {}) => ({
    ...plugin(version, { name, vp }),
    ...more,
  });
  const sources = (more: object) => ({ contributes: { sources: [source(more)] } });
  expect((await registry.publish(of('1.0.0'), { files: pluginFiles })).status).toBe(201);
  const cases: readonly [object, RegExp][] = [
    [{ contributes: { sources: [] } }, /no source weather any more/],
    [sources({ contract: 'source@2' }), /its contract was source@1 and is source@2/],
    [sources({ capabilities: ['discover'] }), /capability incremental is gone/],
    [sources({ formats: ['rows'] }), /format arrow is gone/],
    [
      sources({ options: { ...optionsSchema, required: ['city', 'unit'] } }),
      /options key unit is required now/,
    ],
    [
      sources({ options: { properties: { city: {} } } }),
      /options key unit is gone; .*options key days is gone/,
    ],
    [
      sources({
        options: { ...optionsSchema, properties: { ...optionsSchema.properties, unit: { enum: ['C'] } } },
      }),
      /options key unit takes no "F" any more/,
    ],
  ];
  for (const [vp, message] of cases) {
    const said = await refused(of('1.1.0', vp), { files: pluginFiles });
    expect(said).toMatch(/^VP_REGISTRY_BREAKING: 1.1.0 breaks what 1.0.0 promises/);
    expect(said).toMatch(message);
  }
  expect(await refused(of('1.1.0', {}, { vp: undefined }), { files: pluginFiles })).toMatch(
    /no plugin any more/,
  );
  // More is no break, nor is another permission; and a new major may do as it likes.
  const more = {
    ...sources({ capabilities: ['discover', 'incremental', 'cdc'] }),
    permissions: { native: true },
  };
  expect((await registry.publish(of('1.1.0', more), { files: pluginFiles })).status).toBe(201);
  expect((await registry.publish(of('2.0.0', { contributes: {} }), { files: pluginFiles })).status).toBe(201);
});

test('bodies that are no publish', async () => {
  const one = named('@acme/body');
  const good = publishBody(one, await packageTarball(one));
  const bodies: readonly [unknown, string][] = [
    [{ ...good, name: '@acme/else' }, 'VP_REGISTRY_BAD_REQUEST'],
    [{ ...good, versions: {} }, 'VP_REGISTRY_BAD_REQUEST'],
    [{ ...good, versions: { ...good.versions, '9.0.0': good.versions['1.0.0'] } }, 'VP_REGISTRY_BAD_REQUEST'],
    [{ ...good, 'dist-tags': { latest: '7.0.0' } }, 'VP_REGISTRY_BAD_REQUEST'],
    [{ ...good, _attachments: { 'x.tgz': { data: '*' } } }, 'VP_REGISTRY_BAD_REQUEST'],
    [[], 'VP_REGISTRY_BAD_REQUEST'],
    ['x', 'VP_REGISTRY_BAD_REQUEST'],
  ];
  for (const [body, code] of bodies)
    expect(
      (await registry.call('PUT', '@acme%2fbody', { body })).body.code,
      JSON.stringify(body).slice(0, 80),
    ).toBe(code);
  const broken = await fetch(new URL('@acme%2fbody', registry.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${registry.token}`, 'content-type': 'application/json' },
    body: '{',
  });
  expect(broken.status).toBe(400);
  expect(await registry.versions('@acme/body')).toEqual([]);
  // Metadata of the wrong types makes nothing unreadable.
  const odd = { keywords: 'a b', description: 5, deprecated: 7, vpRegistry: { tree: 'forged' } };
  expect((await registry.publish(one, { metadata: odd })).status).toBe(201);
  const { body } = await registry.call('GET', '@acme%2fbody');
  expect(body.versions?.['1.0.0']?.vpRegistry.tree).toMatch(/^sha256-/);
});

test('two publishes of one version at once: one wins, the other is refused', async () => {
  const one = named('@acme/race');
  const answers = await Promise.all(Array.from({ length: 5 }, () => registry.publish(one)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403, 403, 403, 403]);
});
