import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RegistrySite, startRegistrySite } from '../services/registry.ts';
import { accessFaults } from './lib/audit.ts';
import { openBrowser, openPage, refuse, type WatchedPage } from './lib/browser.ts';
import { publishSamples } from './lib/sample-plugins.ts';

// Starting Debian's Chromium may mean to install it first.
const timeout = 300_000;
let browser: Browser | string;
let site: RegistrySite;
let open: WatchedPage[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  if (typeof browser === 'string') return;
  site = await startRegistrySite();
  await publishSamples(site);
}, timeout);

afterAll(async () => {
  if (typeof browser !== 'string') await browser?.close();
  await site?.close();
});

beforeEach(({ skip }) => {
  if (typeof browser === 'string') refuse(browser, skip);
});

afterEach(async () => {
  const watched = open;
  open = [];
  await Promise.all(watched.map((each) => each.close()));
  expect(watched.flatMap(({ complaints }) => complaints)).toEqual([]);
  expect(watched.flatMap(({ strays }) => strays)).toEqual([]);
});

async function visit(path: string, options: Parameters<typeof openPage>[1] = {}) {
  if (typeof browser === 'string') throw new Error(browser);
  const watched = await openPage(browser, options);
  open.push(watched);
  const response = await watched.page.goto(`${options.baseURL ?? site.url}${path}`);
  return { page: watched.page, response };
}

describe('for somebody who looks for a plugin', () => {
  test('a search finds it, and its card leads to its page', async () => {
    const { page } = await visit('/');
    await page.getByLabel('Search plugins').fill('bookigns');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/?q=bookigns');
    expect(await page.getByRole('heading', { level: 3 }).allTextContents()).toEqual(['@acme/ledger']);
    await page.getByRole('link', { name: '@acme/ledger' }).click();
    await page.getByRole('heading', { level: 1, name: '@acme/ledger' }).waitFor();
  });

  test('filters by kind, badge and capability are kept by the next search, and can be taken off', async () => {
    const { page } = await visit('/');
    const names = () => page.getByRole('heading', { level: 3 }).allTextContents();
    await page.getByRole('link', { name: /^source/ }).click();
    expect((await names()).toSorted()).toEqual(['@acme/ledger', '@vp/files', 'acme-tides']);
    await page.getByRole('link', { name: /^with a badge/ }).click();
    expect(await names()).toEqual(['@vp/files', '@acme/ledger']);
    await page.getByLabel('Search plugins').fill('harbours');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing fits.').waitFor();
    await page.getByRole('link', { name: 'without the filters' }).click();
    expect(await names()).toEqual(['acme-tides']);
    await page.goto(`${site.url}/-/plugins/@acme/ledger`);
    await page.getByRole('link', { name: 'cdc' }).click();
    expect(await names()).toEqual(['@acme/ledger']);
    await page.getByRole('link', { name: /capability: cdc/ }).click();
    expect(await names()).toHaveLength(3);
  });

  test('what is published or yanked is there with the next look', async () => {
    const { page } = await visit('/?q=lighthouse');
    expect(await page.getByText('Nothing fits.').isVisible()).toBe(true);
    await site.publish({ name: 'acme-lighthouse', manifest: {} });
    await page.reload();
    expect(await page.getByRole('link', { name: 'acme-lighthouse' }).isVisible()).toBe(true);
    await site.yank('acme-lighthouse@1.0.0', 'Shines at day.');
    await page.reload();
    expect(await page.getByText('Nothing fits.').isVisible()).toBe(true);
    await page.goto(`${site.url}/-/plugins/acme-lighthouse`);
    expect(await page.getByRole('note').textContent()).toContain('Every version is yanked');
  });
});

describe('the page of a plugin', () => {
  test('says what it contributes, how it is configured, what it may do', async () => {
    const { page } = await visit('/-/plugins/@acme/ledger');
    const row = page.getByRole('row', { name: /^port/ });
    expect(await row.getByRole('cell').allTextContents()).toEqual(['integer', 'no', '8443', 'Of its API']);
    const permissions = page.getByRole('complementary', { name: 'Permissions' });
    expect(await permissions.textContent()).toContain('host and port of your configuration');
    expect(await permissions.textContent()).toContain('process of its own');
    await page.getByRole('link', { name: 'Limits', exact: true }).click();
    expect(new URL(page.url()).hash).toBe('#readme-limits');
    expect(await page.getByRole('heading', { name: 'Limits' }).isVisible()).toBe(true);
  });

  test('shows the laws behind a badge', async () => {
    const { page } = await visit('/-/plugins/@vp/files');
    const laws = page.locator('details.laws').first();
    await laws.locator('summary').click();
    expect(await laws.getByRole('row').count()).toBeGreaterThan(5);
    expect(await page.getByAltText(/^Conformance: full$/).evaluate(isLoaded)).toBe(true);
  });

  test('shows a law that is broken without being asked', async () => {
    const { page } = await visit('/-/plugins/@acme/ledger');
    expect(await page.getByRole('row', { name: /^S06/ }).getByText('broken').isVisible()).toBe(true);
    expect(await page.locator('.title').textContent()).toContain('core 5/6');
    const picture = await page.request.get(`${site.url}/-/vp/v1/badge/@acme/ledger.svg`);
    expect(await picture.text()).toContain('>core 5/6</text>');
  });

  test('tells a yanked version with the reason, and offers the one before', async () => {
    const { page } = await visit('/-/plugins/acme-tides');
    expect(await page.locator('.title .version').textContent()).toBe('1.0.0');
    const versions = page.getByRole('region', { name: 'Versions' }).last();
    expect(await versions.textContent()).toContain('Harbours of the southern half are an hour late.');
    expect(await versions.getByRole('row', { name: /1\.1\.0/ }).textContent()).toContain('yanked');
  });

  test('copies the command that installs it', async () => {
    const { page } = await visit('/-/plugins/@acme/ledger', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied to the clipboard').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('vp plugins install @acme/ledger');
  });

  test('of a name that is not there leads to the one that is near', async () => {
    const { page, response } = await visit('/-/plugins/@acme/leger');
    expect(response?.status()).toBe(404);
    await page.getByRole('link', { name: '@acme/ledger' }).click();
    await page.getByRole('heading', { level: 1, name: '@acme/ledger' }).waitFor();
  });
});

test('a name behind the address of the registry leads to its page, for people alone', async () => {
  const { page, response } = await visit('/@acme/ledger');
  expect(new URL(page.url()).pathname).toBe('/-/plugins/@acme/ledger');
  expect(response?.status()).toBe(200);
  await page.goto(`${site.url}/@acme%2fledger`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('@acme/ledger');
  const npm = await fetch(`${site.url}/@acme/ledger`);
  expect(await npm.json()).toMatchObject({ 'dist-tags': { latest: '1.0.0' } });
});

test('an error is a page for people and JSON for programs', async () => {
  const { page, response } = await visit('/-/vp/v1/search?kind=sorce');
  expect(response?.status()).toBe(422);
  expect(await page.locator('main').textContent()).toContain('Did you mean "source"?');
  expect(await page.evaluate(accessFaults)).toEqual([]);
  const json = await fetch(`${site.url}/-/vp/v1/search?kind=sorce`);
  expect(await json.json()).toMatchObject({ code: 'VP_REGISTRY_SEARCH_INVALID' });
});

const paths = ['/', '/?q=nothing-at-all', '/-/plugins/@vp/files', '/-/plugins/acme-tides', '/-/plugins/none'];

describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
  test.each(paths)('%s keeps nobody out, on a telephone or a wide screen', async (path) => {
    for (const width of [360, 1400]) {
      const { page } = await visit(path, { colorScheme, viewport: { width, height: 800 } });
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('details')) each.open = true;
      });
      expect(await page.evaluate(accessFaults), `${path} at ${width}`).toEqual([]);
    }
  });
});

test('everything can be reached and seen by keyboard', async () => {
  const { page } = await visit('/-/plugins/@acme/ledger');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.keyboard.press('/');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('q');
  const all = await page.evaluate(
    () => document.querySelectorAll('main a[href], main button, main summary, main [tabindex="0"]').length,
  );
  let seen = 0;
  for (let presses = 0; presses < 200 && seen < all; presses++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element?.closest('main')) return { isInside: false, outline: '' };
      return { isInside: true, outline: getComputedStyle(element).outlineStyle };
    });
    if (!focus.isInside) continue;
    expect(focus.outline).not.toBe('none');
    seen++;
  }
  expect(seen).toBe(all);
});

test('without JavaScript it all works but for the button that copies', async () => {
  const { page } = await visit('/', { javaScriptEnabled: false });
  await page.getByLabel('Search plugins').fill('ledger');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: /^source/ }).click();
  await page.getByRole('link', { name: '@acme/ledger' }).click();
  expect(await page.getByRole('heading', { name: 'Limits' }).isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Copy' }).isVisible()).toBe(false);
  expect(await page.getByText('vp plugins install @acme/ledger').isVisible()).toBe(true);
});

test('a registry that is not open asks who reads, and takes a token for an answer', async () => {
  const closed = await startRegistrySite({ access: 'authenticated' });
  try {
    await closed.publish({ name: 'acme-secret' });
    const refused = await fetch(closed.url);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Basic realm="VibePiper registry"');
    expect(await refused.text()).toMatch(/^(?![\s\S]*acme-secret)[\s\S]*<h1>Sign in/);
    const httpCredentials = { username: 'me', password: closed.adminToken };
    const { page } = await visit('/', { baseURL: closed.url, httpCredentials });
    expect(await page.getByRole('link', { name: 'acme-secret' }).isVisible()).toBe(true);
    const form = await fetch(`${closed.url}/-/vp/v1/admin/user-list`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`me:${closed.adminToken}`)}` },
      body: '{}',
    });
    expect(form.status, 'a form of another page would be sent with the password').toBe(401);
  } finally {
    await closed.close();
  }
});

function isLoaded(element: SVGElement | HTMLElement): boolean {
  return element instanceof HTMLImageElement && element.complete && element.naturalWidth > 0;
}
