import type { Permissions } from '@vp/contracts/manifest';
import { permissionWords } from '@vp/contracts/registry';
import { type Html, html } from '../html.ts';

interface Asked {
  readonly permissions: Permissions;
  readonly isolation: 'in-process' | 'process';
}

/** What the plugin asks to be allowed, and what holds it to that. */
export function permissionsSection({ permissions, isolation }: Asked): Html {
  const asked = permissionWords(permissions);
  const list =
    asked.length === 0
      ? html`<p>It asks for no permissions.</p>`
      : html`<ul class="asked">${asked.map(
          ({ verb, objects }) =>
            html`<li><strong>${verb}</strong>${objects.length > 0 && html`<ul>${objects.map((each) => html`<li>${each}</li>`)}</ul>`}</li>`,
        )}</ul>`;
  return html`<aside aria-labelledby="permissions" class="panel">
<h2 id="permissions">Permissions</h2>
${list}
<p class="soft">${isolation === 'process' ? isolated : inProcess}</p>
</aside>`;
}

const isolated =
  'Asks to run in a process of its own, which holds it to what a deployment grants. The deployment decides.';

const inProcess =
  'Runs in the process of vp unless the deployment isolates it: it is trusted code, and what it asks for is then a promise.';
