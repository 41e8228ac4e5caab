import { createHash } from 'node:crypto';
import { treeHash } from '@vp/contracts/registry';

/** A package that is no plugin. */
export const plain = (version = '1.0.0', more: object = {}) => ({
  name: '@acme/plain',
  version,
  license: 'MIT',
  ...more,
});

/** A plugin with one source. */
export function plugin(version = '1.0.0', more: { readonly vp?: object; readonly name?: string } = {}) {
  const { vp = {}, ...rest } = more;
  return {
    name: '@acme/weather',
    version,
    description: 'Weather of yesterday',
    license: 'MIT',
    type: 'module',
    engines: { vp: '^1.0.0' },
    vp: {
      manifestVersion: 1,
      entry: './plugin.js',
      contributes: { sources: [source()] },
      ...vp,
    },
    ...rest,
  };
}

export const source = (more: object = {}) => ({
  id: 'weather',
  contract: 'source@1',
  formats: ['arrow', 'rows'],
  capabilities: ['discover', 'incremental'],
  options: './options.json',
  ...more,
});

export const optionsSchema = {
  type: 'object',
  required: ['city'],
  properties: { city: { type: 'string' }, unit: { enum: ['C', 'F'] }, days: { type: 'integer' } },
};

/** Files of {@link plugin}. */
export const pluginFiles: Readonly<Record<string, string>> = {
  'plugin.js': 'export default {};\n',
  'options.json': JSON.stringify(optionsSchema),
  'README.md': '# Weather\n',
};

/** The files with a conformance report that is about them. */
export function withReport(
  packageJson: { readonly name: string; readonly version: string },
  more: object = {},
) {
  const files = { 'package.json': JSON.stringify(packageJson, undefined, 2), ...pluginFiles };
  const digest = treeHash(
    Object.entries(files).map(([path, text]) => ({
      path,
      sha256: createHash('sha256').update(text).digest('hex'),
    })),
  );
  const law = { id: 'source/1', title: 'The spec is valid', level: 'must', outcome: 'passed' };
  const report = {
    plugin: packageJson.name,
    version: packageJson.version,
    digest,
    contributions: [{ point: 'source', id: 'weather', contract: 'source@1', kit: '1.0.0', laws: [law] }],
    ...more,
  };
  return { ...pluginFiles, 'conformance.json': JSON.stringify(report) };
}
