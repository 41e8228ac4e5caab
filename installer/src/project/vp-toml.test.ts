import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readToml } from './toml-tree.ts';
import { editPlugins } from './vp-toml.ts';

const project = `# The shop.
[project]
name = "shop"   # short
pipeline = ["pipeline.ts"]

# Every feature is a plugin.
[plugins]
"@vp/checks" = "^1.0.0" # rules
# The one below is ours.
acme = { version = "^2.0.0", grants = "all" }

[plugins."@vp/files"]
version = "^1.0.0"
grants = "all"

# Who hears of failures.
[[alerts]]
to = ["console"]
`;

test('a plugin is added, changed and removed, and all else stays letter by letter', () => {
  const added = editPlugins(project, [
    { key: '@vp/duckdb', fields: { version: '^1.0.0', grants: { native: true } } },
    { key: 'pg16', fields: { version: '2', package: '@vp/postgres' } },
    { key: '@vp/checks', fields: { version: '^1.2.0' } },
    { key: '@vp/transform-ts', fields: { version: '^1.0.0' } },
  ]);
  expect(added).toBe(`# The shop.
[project]
name = "shop"   # short
pipeline = ["pipeline.ts"]

# Every feature is a plugin.
[plugins]
"@vp/checks" = "^1.2.0" # rules
# The one below is ours.
acme = { version = "^2.0.0", grants = "all" }
"@vp/transform-ts" = "^1.0.0"

[plugins."@vp/files"]
version = "^1.0.0"
grants = "all"

[plugins."@vp/duckdb"]
version = "^1.0.0"
grants = { native = true }

[plugins.pg16]
version = "2"
package = "@vp/postgres"

# Who hears of failures.
[[alerts]]
to = ["console"]
`);
  const removed = editPlugins(added, [
    { key: '@vp/duckdb', fields: undefined },
    { key: 'pg16', fields: undefined },
    { key: '@vp/transform-ts', fields: undefined },
    { key: '@vp/checks', fields: { version: '^1.0.0' } },
    { key: 'nobody', fields: undefined },
  ]);
  expect(removed).toBe(project);
});

test('grants are put beside the version, and taken away again', () => {
  const fields = { version: '^1.0.0', grants: { fs: ['read:data/**'] } };
  expect(editPlugins(project, [{ key: '@vp/checks', fields }])).toContain(
    '"@vp/checks" = { version = "^1.0.0", grants = { fs = ["read:data/**"] } } # rules',
  );
  expect(editPlugins(project, [{ key: '@vp/files', fields }])).toContain(
    '[plugins."@vp/files"]\nversion = "^1.0.0"\ngrants = { fs = ["read:data/**"] }\n',
  );
  const without = { version: '^1.1.0', grants: undefined };
  expect(editPlugins(project, [{ key: '@vp/files', fields: without }])).toContain(
    '[plugins."@vp/files"]\nversion = "^1.1.0"\n\n# Who',
  );
});

test.each([
  ['no [plugins]', '[project]\nname = "x"', '[project]\nname = "x"\n\n[plugins]\na = "1"\n'],
  ['nothing', '', '[plugins]\na = "1"\n'],
  ['CRLF', '[plugins]\r\nb = "1" # c\r\n', '[plugins]\r\nb = "1" # c\r\na = "1"\r\n'],
  ['an inline table', 'plugins = { b = "2" }\n', 'plugins = { b = "2", a = "1" }\n'],
  ['dotted keys', 'plugins.b = "2"\n', 'plugins.b = "2"\nplugins.a = "1"\n'],
  ['an empty [plugins]', '[plugins] # none\n[x]\n', '[plugins] # none\na = "1"\n[x]\n'],
  [
    'only sub-tables',
    '[plugins.b]\nversion = "2"',
    '[plugins.b]\nversion = "2"\n\n[plugins.a]\nversion = "1"\n',
  ],
  ['a byte order mark', '\uFEFF[plugins]\nb = "1"\n', '\uFEFF[plugins]\nb = "1"\na = "1"\n'],
])('%s', (_, before, after) => {
  expect(editPlugins(before, [{ key: 'a', fields: { version: '1' } }])).toBe(after);
});

test('what cannot be edited without touching more is refused', () => {
  const spread = '[plugins.a]\nversion = "1"\n[plugins.a.grants]\nfs = ["read:x"]\n';
  const grants = { native: true };
  expect(() => editPlugins(spread, [{ key: 'a', fields: { version: '2', grants } }])).toThrow(
    expect.objectContaining({ code: 'VP_INSTALL_TOML_FORM' }),
  );
  expect(() => editPlugins('[plugins\n', [])).not.toThrow();
  expect(() => editPlugins('[plugins\n', [{ key: 'a', fields: undefined }])).toThrow(
    expect.objectContaining({ code: 'VP_INSTALL_TOML', at: expect.objectContaining({ file: 'vp.toml' }) }),
  );
});

const key = fc.constantFrom('a', 'b', '@vp/files', '@acme/x.y', 'c-1', 'with "quotes"');
const version = fc.constantFrom('^1.0.0', '2', '>=1 <3');
const grants = fc.constantFrom<unknown>(undefined, 'all', { fs: ['read:**', 'write:x'], native: true });
const fields = fc.record({ version, grants });
const comment = fc.constantFrom('', '# one', '   # two "="', '\t#');

/** A vp.toml in one of the many ways to write it. */
const toml = fc
  .array(fc.tuple(key, fields, comment, comment, fc.constantFrom('short', 'inline', 'table')), {
    maxLength: 5,
  })
  .map((all) => [...new Map(all.map((each) => [each[0], each])).values()])
  .chain((plugins) => fc.tuple(fc.constant(plugins), fc.boolean(), fc.constantFrom('\n', '\r\n'), comment))
  .map(([plugins, tail, newline, note]) => {
    const name = (text: string) => JSON.stringify(text);
    const inline = plugins.filter(([, , , , way]) => way !== 'table');
    const tables = plugins.filter(([, , , , way]) => way === 'table');
    const lines = [
      note,
      '[project]',
      'name = "x" # the name',
      '',
      ...(inline.length > 0 ? ['[plugins]'] : []),
    ];
    for (const [each, value, above, beside, way] of inline) {
      const text =
        way === 'short' ? name(value.version) : `{ version = ${name(value.version)}, required = true }`;
      lines.push(above, `${name(each)} = ${text} ${beside}`);
    }
    for (const [each, value, above, beside] of tables) {
      lines.push('', above, `[plugins.${name(each)}] ${beside}`, `version = ${name(value.version)}`, beside);
      if (value.grants === 'all') lines.push('grants = "all" # everything');
    }
    if (tail) lines.push('', '# the engine', '[engine.duckdb]', 'threads = 2', 'at = 2001-01-01T00:00:00Z');
    return lines.join(newline);
  });

test('whatever is edited, the values are right and no comment of another thing is lost', () => {
  fc.assert(
    fc.property(
      toml,
      fc.array(fc.tuple(key, fc.option(fields, { nil: undefined })), { maxLength: 4 }),
      (text, edits) => {
        let expected: Record<string, unknown> = { ...Object(readToml(text, 'vp.toml').values.plugins) };
        const list = edits.map(([each, to]) => ({ key: each, fields: to }));
        const after = editPlugins(text, list);
        for (const { key: each, fields: to } of list) {
          if (to === undefined) {
            const { [each]: _, ...rest } = expected;
            expected = rest;
          } else {
            const old = expected[each];
            const long = { ...(typeof old === 'string' ? { version: old } : Object(old)), ...to };
            expected[each] = JSON.parse(JSON.stringify(long));
          }
        }
        const plugins: Record<string, unknown> = Object(readToml(after, 'vp.toml').values.plugins);
        const long = (value: unknown) => (typeof value === 'string' ? { version: value } : value);
        const asLong = (all: object) => Object.fromEntries(Object.entries(all).map(([k, v]) => [k, long(v)]));
        expect(asLong(plugins)).toEqual(asLong(expected));
        expect(after.split('# the name')).toHaveLength(2);
        expect(after.split('# the engine')).toHaveLength(text.split('# the engine').length);
      },
    ),
    { numRuns: 300 },
  );
});
