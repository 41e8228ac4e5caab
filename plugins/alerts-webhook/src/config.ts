import { isSecret, type Secret } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** `[alerter.webhook]` of vp.toml. */
export interface WebhookConfig {
  /** Where alerts are posted to. Who knows it can post: keep it as a secret reference. */
  readonly url: Secret | string;
  /** `generic` when left out: VibePiper's own JSON. */
  readonly format?: 'generic' | 'slack';
  readonly headers?: Readonly<Record<string, Secret | string>>;
  /** Key of the HMAC signature; no signature when left out. */
  readonly signing_key?: Secret | string;
  /** Time-out of one attempt. */
  readonly timeout_ms?: number;
  /** Further attempts after 408, 425, 429, 5xx or no answer. */
  readonly retries?: number;
  readonly backoff?: { readonly min_ms?: number; readonly max_ms?: number };
}

/** A configuration that has been looked at: nothing in it makes `fetch` throw its secrets. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signingKey: string | undefined;
}

export function targetOf({ url, headers = {}, signing_key }: WebhookConfig): Target {
  return {
    url: checkedUrl(reveal(url).trim()),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        checkedName(name),
        checkedValue(name, reveal(value).trim()),
      ]),
    ),
    signingKey: signing_key === undefined ? undefined : reveal(signing_key),
  };
}

/** Every text that must not be seen: whole, and the parts of the URL that authorize. */
export function sensitiveParts({ url, headers, signingKey = '' }: Target): readonly string[] {
  const { pathname, search, host } = new URL(url);
  const parts = [url, pathname, search, host, ...pathname.split('/'), ...Object.values(headers), signingKey];
  return parts.filter((part) => part.length >= 4).sort((a, b) => b.length - a.length);
}

function reveal(value: Secret | string): string {
  return isSecret(value) ? value.reveal() : value;
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  const problem =
    url === null
      ? 'cannot be read'
      : !/^https?:$/.test(url.protocol)
        ? 'is neither http nor https'
        : url.username !== '' || url.password !== ''
          ? 'holds a user name or password: use a header instead'
          : undefined;
  if (problem !== undefined) throw errors.VP_WEBHOOK_URL({ problem });
  return text;
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return name;
  throw errors.VP_WEBHOOK_HEADER({ name: JSON.stringify(name), problem: 'is no name of a header' });
}

function checkedValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw errors.VP_WEBHOOK_HEADER({ name, problem: 'has characters that a header cannot have' });
}
