import type { JsonSchema } from '@vp/contracts';
import { configKeys } from '@vp/contracts/registry';
import { type Html, html } from '../html.ts';

/** A table of the keys that a schema describes; a sentence where it describes none. */
export function keysTable(caption: Html | string, schema: JsonSchema): Html {
  const keys = configKeys(schema);
  if (keys.length === 0) return html`<p class="soft">${caption}: nothing to set.</p>`;
  const isWithDefaults = keys.some((each) => each.default !== undefined);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Keys"><table class="keys"><caption>${caption}</caption>
<thead><tr><th scope="col">Key</th><th scope="col">Type</th><th scope="col">Required</th>${isWithDefaults && html`<th scope="col">Default</th>`}<th scope="col">Description</th></tr></thead>
<tbody>${keys.map(
    (each) =>
      html`<tr><th scope="row"><code>${each.key}</code></th><td>${each.type}</td><td>${each.required ? 'yes' : 'no'}</td>${
        isWithDefaults && html`<td>${each.default !== undefined && html`<code>${each.default}</code>`}</td>`
      }<td>${each.description}</td></tr>`,
  )}</tbody></table></div>`;
}
