import { expect, test } from 'vitest';
import { renderReadme } from './markdown.ts';

const render = (markdown: string) =>
  renderReadme(markdown, { name: '@acme/x', badgeUrl: '/badge.svg' }).markup;

test('a README keeps what Markdown has: lists, code, tables, links', () => {
  expect(render('- **bold** `code`')).toContain('<li><strong>bold</strong> <code>code</code></li>');
  expect(render('```ts\nconst a = 1 < 2;\n```')).toContain('const a = 1 &lt; 2;');
  expect(render('| a |\n|---|\n| 1 |')).toContain('<td>1</td>');
  expect(render('see https://example.com/x')).toContain(
    '<a href="https://example.com/x" rel="nofollow noopener noreferrer ugc">',
  );
});

test('headings are below those of the page, and links inside of the README reach them', () => {
  const page = render('# One\n\n[go](#one)\n\n# One');
  expect(page).toContain('<h3 id="readme-one">One</h3>');
  expect(page).toContain('<h3 id="readme-one-1">One</h3>');
  expect(page).toContain('<a href="#readme-one">go</a>');
  expect(render('## High\n\n### Low')).toMatch(/<h3 id="readme-high">[\s\S]*<h4 id="readme-low">/);
  expect(render('# 1\n\n###### Deep')).toContain('<h6 id="readme-deep">');
});

test('a heading that repeats the name of the plugin is left out', () => {
  expect(render('# @acme/x\n\nText')).toBe('<p>Text</p>\n');
  expect(render('# @acme/x\n\n## Use')).toBe('<h3 id="readme-use">Use</h3>\n');
  expect(render('Text\n\n# @acme/x')).toContain('@acme/x</h3>');
});

test('a relative link leads nowhere on a registry, so its text stays alone', () => {
  expect(render('[guide](./docs/guide.md)')).toBe('<p><a>guide</a></p>\n');
});

test('the badge of the package is the one that the registry vouches for', () => {
  expect(render('![conformance](./conformance.svg)')).toContain('<img src="/badge.svg" alt="conformance">');
});

const tags =
  /<(?!\/?(?:p|a|h[3-6]|em|strong|code|pre|ul|ol|li|blockquote|table|thead|tbody|tr|td|th|hr|br|s|div|span)\b)/;

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><script>1</script></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>body{display:none}</style>',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example"><input name=password></form>',
  '<!-- --><meta http-equiv="refresh" content="0;url=https://evil.example">',
])('HTML of a README is shown as text: %s', (source) => {
  for (const markdown of [source, `a ${source} b`, `- ${source}`, `# ${source}`, `| ${source} |\n|---|`])
    expect(render(markdown)).not.toMatch(tags);
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java&#x73;cript:alert(1)',
  '&#1;javascript:alert(1)',
  'java%0ascript:alert(1)',
  '<java\tscript:alert(1)>',
  'vbscript:x',
  'data:text/html,<script>alert(1)</script>',
  'data:image/svg+xml;base64,PHN2Zz4=',
  'data:image/png;base64,iVBORw0KGgo=',
  'file:///etc/passwd',
  '//evil.example/x',
  'blob:https://evil.example/1',
])('a link to %s has no target', (target) => {
  const page = render(`[x](${target}) ![y](${target}) <${target}>\n\n[z]\n\n[z]: ${target}`);
  expect(page).not.toMatch(/<a[^>]*href|<img|src=/i);
});

test.each([
  '[x](https://e.example "a\\" onmouseover=\\"alert(1)")',
  '![a" onerror="alert(1)](./conformance.svg)',
  '[x](https://e.example/"onmouseover="alert(1))',
  '```" onmouseover="alert(1)\ncode\n```',
])('quotes do not leave their attribute: %s', (markdown) => {
  expect(render(markdown).replace(/"[^"]*"/g, '""')).not.toMatch(/onmouseover=|onerror=/);
});

test('a picture from elsewhere is said, not loaded', () => {
  const page = render('![a chart](https://tracker.example/pixel.png)');
  expect(page).toBe('<p><span class="picture">a chart</span></p>\n');
});

test('a README without an end is cut, and says so', () => {
  const page = render('word '.repeat(100_000));
  expect(page.length).toBeLessThan(250_000);
  expect(page).toContain('longer than is shown');
});

test.each(['>'.repeat(50_000), '['.repeat(50_000), '*a '.repeat(20_000), '`'.repeat(50_001)])(
  'text made to keep a parser busy comes to an end (case %#)',
  (markdown) => {
    expect(render(markdown)).not.toBe('');
  },
);
