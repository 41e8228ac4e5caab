import type { PublishedVersion } from '../../catalogue.ts';
import { type Html, html } from '../html.ts';
import { badgePill } from './badge.ts';
import { bytes, day } from './format.ts';

/** All versions, newest first. */
export function versionsSection(versions: readonly PublishedVersion[], latest: string | undefined): Html {
  return html`<section aria-labelledby="versions">
<h2 id="versions">Versions</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Versions"><table class="versions">
<thead><tr><th scope="col">Version</th><th scope="col">Published</th><th scope="col">Size</th><th scope="col">Signed</th><th scope="col">Conformance</th></tr></thead>
<tbody>${versions.map((each) => row(each, each.version === latest))}</tbody></table></div>
</section>`;
}

function row(
  { version, published, size, signed, facts, deprecated }: PublishedVersion,
  isLatest: boolean,
): Html {
  const { yanked, badge } = facts;
  return html`<tr${yanked && html` class="yanked"`}><th scope="row"><span class="number">${version}</span>${isLatest && html` <span class="note">latest</span>`}${yanked && html` <span class="note bad">yanked</span>`}${deprecated !== undefined && html` <span class="note bad">deprecated</span>`}</th><td>${day(published)}</td><td>${bytes(size)}</td><td>${signed ? 'yes' : 'no'}</td><td>${badgePill(badge) ?? html`<span class="soft">none</span>`}</td></tr>
${yanked && html`<tr class="reason"><td colspan="5">Yanked on ${day(yanked.at)}: ${yanked.reason}</td></tr>`}
${deprecated !== undefined && html`<tr class="reason"><td colspan="5">Deprecated: ${deprecated}</td></tr>`}`;
}
