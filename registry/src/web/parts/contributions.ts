import { type Html, html } from '../html.ts';
import type { ContributionView } from '../plugin-view.ts';
import { keysTable } from './configuration.ts';

/** Each contribution with what it can do and what can be set. */
export function contributionsSection(contributions: readonly ContributionView[]): Html {
  return html`<section aria-labelledby="contributions">
<h2 id="contributions">Contributions</h2>
${contributions.length === 0 && html`<p class="soft">None: it defines points, provides services or taps hooks.</p>`}
${contributions.map(contribution)}
</section>`;
}

function contribution(each: ContributionView): Html {
  const { point, id, description, capabilities, formats, config, options, rules } = each;
  return html`<div class="contribution">
<h3><span class="kind" data-kind="${point}">${point}</span> <code>${id}</code></h3>
${description && html`<p>${description}</p>`}
${tags('Capabilities', capabilities, (name) => `/?${new URLSearchParams({ kind: point, capability: name })}`)}
${tags('Formats, cheapest first', formats)}
${config && keysTable('Configuration, in vp.toml', config)}
${options && keysTable('Options of each use, in the pipeline', options)}
${rules.length > 0 && rulesTable(each)}
</div>`;
}

function tags(label: string, values: readonly string[], href?: (value: string) => string): Html | undefined {
  if (values.length === 0) return undefined;
  return html`<dl class="tags"><dt>${label}</dt>${values.map(
    (each) =>
      html`<dd>${href ? html`<a class="tag" href="${href(each)}">${each}</a>` : html`<span class="tag">${each}</span>`}</dd>`,
  )}</dl>`;
}

const rulesTable = ({ rules }: ContributionView): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Rules"><table><caption>Rules</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Description</th></tr></thead>
<tbody>${rules.map(({ id, description }) => html`<tr><th scope="row"><code>${id}</code></th><td>${description}</td></tr>`)}</tbody></table></div>`;
