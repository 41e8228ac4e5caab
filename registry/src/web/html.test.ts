import { expect, test } from 'vitest';
import { html, trusted } from './html.ts';

test('values are text, in content and in attributes', () => {
  const value = `"><script>'&`;
  expect(html`<p title="${value}">${value}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;&#39;&amp;</p>',
  );
});

test('templates nest, lists are joined, what is not there is nothing', () => {
  const list = ['a', '<'].map((each) => html`<li>${each}</li>`);
  expect(html`<ul>${list}${undefined}${false}${0}${''}</ul>`.markup).toBe(
    '<ul><li>a</li><li>&lt;</li>0</ul>',
  );
  expect(html`${trusted('<b>ours</b>')}`.markup).toBe('<b>ours</b>');
});
