import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonSchema } from '@vp/contracts';
import { publishPackage } from '@vp/installer';

/** One version of `@acme/weather`, a source of a stranger. */
export interface WeatherRelease {
  readonly version: string;
  readonly config: JsonSchema;
  readonly capabilities?: readonly string[];
  readonly permissions: object;
}

const object = (properties: JsonSchema, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
});

const host = '${' + 'config.host}:443';
const name = { type: 'string', description: 'Name or address' };

/** Three versions: one that adds, and one that breaks. */
export const weatherReleases: readonly WeatherRelease[] = [
  {
    version: '1.0.0',
    config: object({ host: name, legacy: { type: 'boolean' } }, ['host']),
    permissions: { network: [host] },
  },
  {
    version: '1.1.0',
    config: object(
      {
        host: name,
        legacy: { type: 'boolean' },
        timeout: { type: 'integer', default: 30, description: 'Seconds' },
      },
      ['host'],
    ),
    capabilities: ['incremental'],
    permissions: { network: [host], secrets: ['config.token'] },
  },
  {
    version: '2.0.0',
    config: object({ host: { type: 'string' }, station: { type: 'string' } }, ['host', 'station']),
    capabilities: ['incremental'],
    permissions: { network: ['*:*'], native: true },
  },
];

export async function publishWeather(
  release: WeatherRelease,
  target: { readonly folder: string; readonly url: string; readonly token: string },
): Promise<void> {
  const { version, config, capabilities = [], permissions } = release;
  const directory = join(target.folder, 'weather', version);
  const contribution = {
    id: 'weather',
    contract: 'source@1',
    description: 'Stations of everywhere',
    formats: ['rows'],
    config: './weather.schema.json',
    options: object({ city: { type: 'string' } }),
    capabilities,
  };
  writeFiles(directory, {
    'package.json': JSON.stringify({
      name: '@acme/weather',
      version,
      description: 'The weather of everywhere',
      license: 'MIT',
      type: 'module',
      exports: './plugin.js',
      engines: { vp: '^1.0.0' },
      vp: { manifestVersion: 1, entry: './plugin.js', contributes: { sources: [contribution] }, permissions },
    }),
    'plugin.js': 'export default {};\n',
    'weather.schema.json': JSON.stringify(config),
    'README.md': `# Weather ${version}\n`,
  });
  await publishPackage({ directory, registry: `${target.url}/`, token: target.token });
}

export function writeFiles(directory: string, contents: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}
