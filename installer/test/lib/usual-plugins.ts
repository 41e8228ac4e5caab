import { type FixtureRegistry, sourcePlugin } from './fixture-registry.ts';

/** Plugins and packages that most installs of the tests are made of. */
export async function publishUsual(registry: FixtureRegistry): Promise<void> {
  for (const version of ['1.0.0', '1.1.0', '2.0.0'])
    await registry.publish({
      name: 'left',
      version,
      files: { 'index.js': `export default '${version}';\n` },
    });
  for (const os of ['linux', 'aix']) {
    const name = `native-${os}`;
    await registry.publish({ name, version: '1.0.0', manifest: { os: [os] } });
  }
  const pg = (version: string, left: string, permissions = {}) =>
    registry.publish({
      name: '@acme/pg',
      version,
      vp: sourcePlugin('pg', { permissions }),
      manifest: {
        dependencies: { left },
        optionalDependencies: { 'native-linux': '1.0.0', 'native-aix': '1.0.0' },
      },
    });
  await pg('1.0.0', '^1.0.0');
  await pg('1.1.0', '^1.0.0', { network: ['db.internal:5432'] });
  await pg('2.0.0', '^2.0.0', { network: ['db.internal:5432'] });
  await registry.publish({ name: '@acme/weather', version: '1.0.0', vp: sourcePlugin('weather') });
  await registry.publish({
    name: '@acme/needy',
    version: '1.0.0',
    vp: sourcePlugin('needy', { requires: { plugins: { '@acme/pg': '^1.0.0' } } }),
  });
  await registry.publish({ name: '@acme/rival', version: '1.0.0', vp: sourcePlugin('weather') });
  await registry.publish({
    name: '@acme/future',
    version: '1.0.0',
    vp: sourcePlugin('future'),
    manifest: { engines: { vp: '^9.0.0' } },
  });
  await registry.publish({
    name: '@acme/tool',
    version: '1.0.0',
    vp: {
      manifestVersion: 1,
      entry: './plugin.js',
      contributes: { commands: [{ id: 'plan', contract: 'command@1', summary: 'takes a name' }] },
    },
  });
}
