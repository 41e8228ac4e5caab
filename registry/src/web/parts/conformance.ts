import type { Badge, ConformanceReport } from '@vp/contracts/registry';
import { type Html, html } from '../html.ts';
import { badgeUrl } from '../links.ts';
import { counted } from './format.ts';

interface Tested {
  readonly name: string;
  readonly version: string;
  readonly badge: Badge | undefined;
  readonly report: ConformanceReport | undefined;
}

type Part = ConformanceReport['contributions'][number];

/** The badge in words and numbers, then law by law. */
export function conformanceSection({ name, version, badge, report }: Tested): Html {
  return html`<section aria-labelledby="conformance">
<h2 id="conformance">Conformance</h2>
${badge ? html`${numbers(badge, name)}${report?.contributions.map(part)}${again(name, version)}` : none}
</section>`;
}

const none = html`<p>No badge: this version has no report of the conformance kits that fits its files, or a law that must hold is broken.</p>`;

function numbers({ level, passed, failed, exempt }: Badge, name: string): Html {
  const meaning = level === 'full' ? 'no law is broken' : 'no law that must hold is broken';
  return html`<p><img src="${badgeUrl(name)}" alt="Conformance: ${level}" height="20"></p>
<p>Level <strong>${level}</strong>: ${meaning}. ${counted(passed, 'law')} held, ${failed} broken, ${exempt} did not apply. The registry found the report to fit the files of this version.</p>`;
}

function part({ point, id, variant, contract, kit, laws }: Part): Html {
  const count = (outcome: string) => laws.filter((law) => law.outcome === outcome).length;
  const isWhole = count('failed') === 0;
  return html`<details class="laws"${!isWhole && html` open`}><summary><span class="kind" data-kind="${point}">${point}</span> <code>${id}${variant !== undefined && ` ${variant}`}</code> <span class="soft">${count('passed')} held, ${count('failed')} broken, ${count('exempt')} did not apply</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="Laws"><table><caption>${contract}, kit ${kit}</caption>
<thead><tr><th scope="col">Law</th><th scope="col">What it says</th><th scope="col">Level</th><th scope="col">Outcome</th></tr></thead>
<tbody>${laws.map(
    (law) =>
      html`<tr><th scope="row">${law.id}</th><td>${law.title}${law.reason && html`<br><span class="soft">${law.reason}</span>`}</td><td>${law.level}</td><td><span class="outcome ${law.outcome}">${outcomes[law.outcome]}</span></td></tr>`,
  )}</tbody></table></div></details>`;
}

const outcomes = { passed: 'holds', failed: 'broken', exempt: 'not applicable' } as const;

const again = (name: string, version: string): Html =>
  html`<p class="soft">Anybody can test it again: <code>vp plugins conformance</code> in the folder of ${name} ${version}.</p>`;
