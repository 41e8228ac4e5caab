import type { Manifest } from '@vp/contracts/manifest';
import type { PluginVersion } from '../../search/published-plugin.ts';
import { type Html, html } from '../html.ts';

type Named = readonly (readonly [string, string])[];

/** Packages, plugins and services that a version needs, and what it offers to others. */
export function dependenciesSection(version: PluginVersion): Html {
  const { requires = {}, provides = [], hooks = [], points = [] }: Manifest = version.manifest;
  const services = [
    ...(requires.services ?? []),
    ...(requires.optionalServices ?? []).map((each) => `${each}, if it is there`),
  ];
  const lists: readonly Html[] = [
    pairs('Packages', Object.entries(version.dependencies)),
    pairs('Packages that the project has', Object.entries(version.peerDependencies)),
    pairs('Plugins', Object.entries(requires.plugins ?? {})),
    names('Services that it uses', services),
    names('Services that it provides', provides),
    names('Hooks that it taps', hooks),
    names(
      'Points that it defines',
      points.map(({ id, major }) => `${id}@${major}`),
    ),
  ].filter((each) => each !== undefined);
  return html`<section aria-labelledby="dependencies">
<h2 id="dependencies">Dependencies</h2>
${lists.length === 0 ? html`<p>None.</p>` : html`<dl class="needs">${lists}</dl>`}
</section>`;
}

const pairs = (label: string, entries: Named): Html | undefined =>
  entries.length === 0
    ? undefined
    : html`<div><dt>${label}</dt>${entries.map(([name, range]) => html`<dd><code>${name}</code> <span class="soft">${range}</span></dd>`)}</div>`;

const names = (label: string, values: readonly string[]): Html | undefined =>
  values.length === 0
    ? undefined
    : html`<div><dt>${label}</dt>${values.map((each) => html`<dd><code>${each}</code></dd>`)}</div>`;
