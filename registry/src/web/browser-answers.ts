import type { IncomingMessage } from 'node:http';
import type { VpError } from '@vp/contracts';
import type { RouteAnswer } from '../routes.ts';
import { html } from './html.ts';
import { pluginUrl } from './links.ts';
import { messagePage } from './pages/message.ts';
import { pageAnswer } from './parts/layout.ts';

/** Whether a person asks: programs want JSON, or say that they take anything. */
export const isBrowser = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '');

/** To the page of a plugin, for who puts its name behind the registry's address; nothing for other paths. */
export function pageOfPackage({ pathname }: URL): RouteAnswer | undefined {
  const [, name] = /^\/((?:@[^/]+(?:\/|%2f))?[^/@][^/]*)$/i.exec(pathname) ?? [];
  if (name === undefined) return undefined;
  return { status: 302, headers: { location: pluginUrl(name.replace(/%2f/i, '/')) }, body: '' };
}

interface Refused {
  /** As the reader's browser calls the registry. */
  readonly host: string;
  readonly version: string;
  readonly status: number;
  readonly error: VpError;
}

/** An error for a person: the same words, in a page. */
export function errorPage({ host, version, status, error }: Refused): RouteAnswer {
  const { message, hint, code } = error;
  const site = { origin: '', host, version };
  const text = html`${message}${hint !== undefined && html`<br>${hint}`}<br><code>${code}</code>`;
  const title = status >= 500 ? 'Something failed here' : 'That cannot be answered';
  return pageAnswer(site, messagePage({ status, title, text }));
}
