import { type Html, html } from '../html.ts';
import { pluginUrl } from '../links.ts';
import { type Page, searchForm } from '../parts/layout.ts';

interface Message {
  readonly status: number;
  readonly title: string;
  readonly text: Html | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page that says one thing, and how to go on. */
export function messagePage({ status, title, text, headers }: Message): Page {
  const main = html`<div class="message">
<p class="status">${status}</p>
<h1>${title}</h1>
<p>${text}</p>
${status === 401 ? undefined : searchForm({ id: 'search', size: 'large' })}
</div>`;
  return { status, title, search: false, main, headers };
}

/** There is no plugin of that name; others are near to it. */
export function unknownPlugin(name: string, near: readonly string[]): Page {
  const links = near.map((each, at) => html`${at > 0 && ', '}<a href="${pluginUrl(each)}">${each}</a>`);
  return messagePage({
    status: 404,
    title: 'No such plugin',
    text: html`This registry has no plugin <code>${name}</code>.${near.length > 0 && html` Near to it: ${links}.`}`,
  });
}

/** The registry shows itself to nobody it does not know. The browser asks for a name and a password. */
export const signInPage = (): Page =>
  messagePage({
    status: 401,
    title: 'Sign in',
    text: html`This registry is for its own users. Reload the page and enter your name, and as the password a token: <code>vp registry user token</code> makes one.`,
    headers: { 'www-authenticate': 'Basic realm="VibePiper registry", charset="UTF-8"' },
  });
