import type { Badge } from '@vp/contracts/registry';
import { type Html, html } from '../html.ts';
import { icon } from './icons.ts';

/** What the kits found, in a word and numbers. Nothing for a plugin without a badge. */
export function badgePill(badge: Badge | undefined): Html | undefined {
  if (!badge) return undefined;
  const laws = badge.passed + badge.failed;
  return html`<span class="badge ${badge.level}" title="${badge.passed} of ${laws} laws of the conformance kits hold">${icon('check')}<span class="unseen">Conformance: </span>${badge.level} ${badge.passed}/${laws}</span>`;
}

/** The points that a plugin fills. */
export const kindChips = (kinds: readonly string[]): Html =>
  html`<ul class="kinds" aria-label="Kinds">${kinds.map((kind) => html`<li class="kind" data-kind="${kind}">${kind}</li>`)}</ul>`;
