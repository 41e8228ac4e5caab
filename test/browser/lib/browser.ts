import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../services/chromium.ts';

/** A page that keeps what a reader never sees: complaints of the browser, and where requests go. */
export interface WatchedPage {
  readonly page: Page;
  /** What the console and uncaught errors said, but for the status of pages that are asked for. */
  readonly complaints: readonly string[];
  /** Requests that were not to this machine. */
  readonly strays: readonly string[];
  /** Those of them that the page's own policy stopped. */
  readonly stopped: readonly string[];
  close(): Promise<void>;
}

/** @returns a browser that reaches this machine alone, or why there can be none here */
export async function openBrowser(): Promise<Browser | string> {
  const found = await findChromium();
  if ('problem' in found) return found.problem;
  return chromium.launch({
    executablePath: found.path,
    // As root and in most containers Chromium cannot have one; it visits nothing but the tests' own pages.
    chromiumSandbox: false,
    args: [
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-background-networking',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
      '--no-proxy-server',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const strays: string[] = [];
  const stopped: string[] = [];
  page.on('console', (message) => {
    const isNoise = message.type() === 'log' || message.text().startsWith('Failed to load resource');
    if (!isNoise) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', async (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') strays.push(request.url());
  });
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'csp') stopped.push(request.url());
  });
  return { page, complaints, strays, stopped, close: () => context.close() };
}

/** Under CI a browser that cannot be had is a failure; elsewhere the test counts as skipped. */
export function refuse(problem: string, skip: (note: string) => never): never {
  if (process.env.CI !== undefined) throw new Error(problem);
  return skip(problem);
}
