import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RegistrySite, type StrangersPlugin, startRegistrySite } from '../services/registry.ts';
import { openBrowser, openPage, refuse, type WatchedPage } from './lib/browser.ts';

/** Each of them, if it worked, would leave this mark in the reader's page. */
const mark = 'window.taken=true';

const attempts = [
  `<script>${mark}</script>`,
  `<img src=x onerror="${mark}">`,
  `<svg onload="${mark}"><script>${mark}</script></svg>`,
  `<svg><a xlink:href="javascript:${mark}"><text>x</text></a></svg>`,
  `<iframe srcdoc="<script>parent.taken=true</script>"></iframe>`,
  `<object data="data:text/html,<script>${mark}</script>"></object>`,
  `<details open ontoggle="${mark}">x</details>`,
  `<body onload="${mark}">`,
  `<input autofocus onfocus="${mark}">`,
  `<math><mtext><style><img src=x onerror="${mark}"></style></mtext></math>`,
  `<meta http-equiv="refresh" content="0;url=http://tracker.example/">`,
  `<base href="http://tracker.example/">`,
  `<link rel="stylesheet" href="http://tracker.example/a.css">`,
  `<style>@import "http://tracker.example/a.css"; body { display: none }</style>`,
  `<form action="http://tracker.example/"><button>Sign in</button></form>`,
  `[one](javascript:${mark})`,
  `[two](JaVaScRiPt:${mark})`,
  `[three](&#106;avascript:${mark})`,
  `[four](data:text/html,<script>${mark}</script>)`,
  `[five](vbscript:${mark})`,
  `<javascript:${mark}>`,
  `[six]: javascript:${mark}\n\n[six]`,
  `![pixel](http://tracker.example/pixel.png)`,
  `![svg](data:image/svg+xml,<svg/onload=${mark}>)`,
  `![seven" onerror="${mark}](./conformance.svg)`,
  `[eight](https://a.example "x" onmouseover="${mark}")`,
  `[nine](https://a.example/"onmouseover="${mark})`,
  `\`\`\`"><img src=x onerror="${mark}">\ncode\n\`\`\``,
  `# <img src=x onerror="${mark}">`,
  `| <script>${mark}</script> |\n|---|\n| <img src=x onerror="${mark}"> |`,
];

const text = `"'><img src=x onerror="${mark}"><script>${mark}</script>`;

const hostile: StrangersPlugin = {
  name: 'acme-hostile',
  description: text,
  keywords: [text],
  readme: attempts.join('\n\n'),
  manifest: {
    displayName: text,
    permissions: { network: [text], secrets: [text], fs: [`read:${text}`], env: [text] },
    requires: { plugins: { '@acme/other': text } },
    contributes: {
      sources: [
        {
          id: 'hostile',
          contract: 'source@1',
          formats: [text, 'rows'],
          description: text,
          capabilities: [text],
          config: {
            type: 'object',
            properties: { [text]: { type: text, default: text, description: text, enum: [text] } },
          },
        },
      ],
    },
  },
};

let browser: Browser | string;
let site: RegistrySite;
let watched: WatchedPage;

beforeAll(async () => {
  browser = await openBrowser();
  if (typeof browser === 'string') return;
  site = await startRegistrySite();
  for (const version of ['1.0.0', '1.0.1']) await site.publish({ ...hostile, version });
  await site.yank('acme-hostile@1.0.1', text);
}, 300_000);

afterAll(async () => {
  if (typeof browser !== 'string') await browser?.close();
  await site?.close();
});

beforeEach(async ({ skip }) => {
  if (typeof browser === 'string') return refuse(browser, skip);
  watched = await openPage(browser);
  return () => watched.close();
});

const isTaken = (page: Page) => page.evaluate(() => 'taken' in window);

/** Moves over and clicks on all that a README brought, as a reader might. */
async function poke(page: Page): Promise<void> {
  for (const element of await page.locator('main .prose *').all()) {
    await element.dispatchEvent('mouseover');
    await element.dispatchEvent('focus');
  }
  for (const link of await page.locator('main .prose a').all()) {
    const href = await link.getAttribute('href');
    expect(href ?? '').toMatch(/^(?:https?:|mailto:|#readme-|$)/);
  }
}

test(`${attempts.length} ways in a README to run, load or send something do nothing`, async () => {
  const { page, complaints, strays } = watched;
  await page.goto(`${site.url}/-/plugins/acme-hostile`);
  await poke(page);
  expect(await isTaken(page)).toBe(false);
  const inside = page.locator('main .prose');
  for (const tag of [
    'script',
    'img[src^="x"]',
    'svg',
    'iframe',
    'object',
    'form',
    'input',
    'style',
    'link',
    'meta',
  ])
    expect(await inside.locator(tag).count(), tag).toBe(0);
  expect(await page.locator('base').count()).toBe(0);
  expect(page.url()).toBe(`${site.url}/-/plugins/acme-hostile`);
  expect(complaints).toEqual([]);
  expect(strays).toEqual([]);
});

test('what a manifest says is text wherever it stands, in cards too', async () => {
  const { page, complaints } = watched;
  await page.goto(`${site.url}/-/plugins/acme-hostile`);
  expect(await page.locator('main').textContent()).toContain(text);
  await page.goto(`${site.url}/?q=${encodeURIComponent(text)}&kind=${encodeURIComponent(text)}`);
  await page.goto(`${site.url}/?capability=${encodeURIComponent(text)}`);
  expect(await page.locator('.card').textContent()).toContain(text);
  await page.goto(`${site.url}/-/plugins/${encodeURIComponent(text)}`);
  expect(await page.locator('main code').textContent()).toBe(text);
  expect(await isTaken(page)).toBe(false);
  expect(complaints).toEqual([]);
});

test('if HTML slipped through all the same, the page would not run it, load for it or send with it', async () => {
  const { page, strays, stopped } = watched;
  await page.goto(`${site.url}/-/plugins/acme-hostile`);
  await page.evaluate(
    ({ html }) => {
      const frame = document.createElement('div');
      frame.innerHTML = html;
      document.body.prepend(frame);
      const script = document.createElement('script');
      script.text = 'window.taken=true';
      document.body.append(script);
      frame.querySelector<HTMLElement>('#link')?.click();
      frame.querySelector('form')?.requestSubmit();
    },
    {
      html: `<img src=x onerror="${mark}"><img src="http://tracker.example/pixel.png">
        <a id="link" href="javascript:${mark}">x</a><form action="http://tracker.example/"></form>
        <iframe src="data:text/html,<script>parent.taken=true</script>"></iframe>`,
    },
  );
  await expect.poll(() => stopped).toContain('http://tracker.example/pixel.png');
  expect(await isTaken(page)).toBe(false);
  expect(page.url()).toBe(`${site.url}/-/plugins/acme-hostile`);
  expect(strays.filter((url) => !stopped.includes(url))).toEqual([]);
});

test('answers say what they are and let nobody frame them', async () => {
  const { page } = watched;
  for (const path of ['/', '/-/plugins/acme-hostile', '/-/plugins/none', '/-/vp/web/none']) {
    const headers = (await page.goto(`${site.url}${path}`))?.headers() ?? {};
    expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'(?!.*unsafe)/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  }
  const script = await page.request.get(`${site.url}/-/vp/web/page.js`);
  expect(script.headers()['content-type']).toMatch(/^text\/javascript/);
  const traversal = await page.request.get(`${site.url}/-/vp/web/..%2F..%2Fpackage.json`);
  expect(traversal.status()).toBe(404);
});
