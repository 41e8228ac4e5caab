import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage } from '../test/browser/lib/browser.ts';
import { publishSamples } from '../test/browser/lib/sample-plugins.ts';
import { startRegistrySite } from '../test/services/registry.ts';
import { root } from './lib/repo.ts';

// Draws the pictures of a registry's page for the documentation: node scripts/registry-picture.ts

const pictures = { 'registry.png': '/', 'registry-plugin.png': '/-/plugins/@acme/ledger' };
const mostBytes = 150_000;

const browser = await openBrowser();
if (typeof browser === 'string') throw new Error(browser);
const site = await startRegistrySite();
try {
  await publishSamples(site);
  const { page } = await openPage(browser, { viewport: { width: 1200, height: 820 } });
  for (const [name, path] of Object.entries(pictures)) {
    const file = join(root, 'docs/images', name);
    await page.goto(`${site.url}${path}`);
    await page.screenshot({ path: file });
    const { size } = statSync(file);
    if (size > mostBytes) throw new Error(`${file} has ${size} bytes: more than ${mostBytes}`);
    console.log(`${file}: ${Math.round(size / 1000)} kB`);
  }
} finally {
  await browser.close();
  await site.close();
}
