import { isVpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { parseToml } from './toml.ts';

const text = `# shop
title = "x"

[project]
name = "shop"
a.b = 1

[plugins]
"@vp/files" = { version = "^1.0.0", grants = "all" }

[[alerts]]
to = ["console", "webhook"]
[[alerts]]
to = []
big = 9223372036854775807
day = 2026-01-31
`;

describe('parseToml', () => {
  test('gives plain values', () => {
    expect(
      JSON.parse(
        JSON.stringify(parseToml(text, 'vp.toml').values, (_, v) => (typeof v === 'bigint' ? `${v}n` : v)),
      ),
    ).toEqual({
      title: 'x',
      project: { name: 'shop', a: { b: 1 } },
      plugins: { '@vp/files': { version: '^1.0.0', grants: 'all' } },
      alerts: [
        { to: ['console', 'webhook'] },
        { to: [], big: '9223372036854775807n', day: '2026-01-31T00:00:00.000Z' },
      ],
    });
  });

  test.each([
    [['project', 'name'], 'vp.toml:5:1'],
    [['project', 'a', 'b'], 'vp.toml:6:1'],
    [['plugins', '@vp/files', 'grants'], 'vp.toml:9:37'],
    [['alerts', '0', 'to', '1'], 'vp.toml:12:18'],
    [['alerts', '1', 'to'], 'vp.toml:14:1'],
    [['project', 'missing'], 'vp.toml:4:2'],
    [['nothing'], 'vp.toml'],
  ])('knows where %j stands', (path, place) => {
    expect(parseToml(text, 'vp.toml').where(path).text).toBe(place);
  });

  test.each([
    ['[project\nname = 1', 1],
    ['a = 1\na = 2', 2],
    ['a = "open', 1],
    ['[a]\nb = 1\n[a]\nc = 2', 3],
  ])('names the line of a fault in %j', (bad, line) => {
    try {
      parseToml(bad, 'vp.toml');
      expect.unreachable();
    } catch (error) {
      expect(isVpError(error) && [error.code, error.at?.file, error.at?.line]).toEqual([
        'VP_PROJECT_TOML',
        'vp.toml',
        line,
      ]);
    }
  });

  test('a key called __proto__ is only a key', () => {
    const { values } = parseToml('[__proto__]\nx = 1', 'vp.toml');
    expect(Object.keys(values)).toEqual(['__proto__']);
    expect('x' in {}).toBe(false);
  });
});
