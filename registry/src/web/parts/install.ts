import { type Html, html } from '../html.ts';
import { icon } from './icons.ts';
import type { Site } from './layout.ts';

interface Installed {
  readonly name: string;
  readonly site: Site;
  readonly access: 'open' | 'authenticated';
}

/** The command that installs a plugin, and what a project needs to know of the registry before. */
export function installBox({ name, site, access }: Installed): Html {
  const command = `vp plugins install ${name}`;
  return html`<div class="install">
<div class="command"><code id="install"><span class="prompt" aria-hidden="true">$ </span><span data-copy-text>${command}</span></code>
<button type="button" data-copy hidden>${icon('copy')}<span data-copy-label>Copy</span></button><span class="unseen" role="status" data-copy-said></span></div>
<details><summary>The first time with this registry</summary>
<p>Say in the project's <code>.npmrc</code> where ${name.startsWith('@') ? 'packages of this scope' : 'packages'} come from:</p>
<pre><code>${npmrc(name, site.origin, access)}</code></pre></details>
</div>`;
}

function npmrc(name: string, origin: string, access: Installed['access']): string {
  const scope = name.startsWith('@') ? `${name.slice(0, name.indexOf('/'))}:` : '';
  const host = origin.replace(/^https?:/, '');
  const token = `${host}/:_authToken=\${VP_REGISTRY_TOKEN}`;
  return [`${scope}registry=${origin}/`, ...(access === 'authenticated' ? [token] : [])].join('\n');
}
