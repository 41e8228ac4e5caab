import type { PublishedVersion } from '../../catalogue.ts';
import { kindsOf } from '../../search/contributions.ts';
import { type Html, html } from '../html.ts';
import { badgeUrl, detailUrl } from '../links.ts';
import { renderReadme } from '../markdown.ts';
import { badgePill, kindChips } from '../parts/badge.ts';
import { conformanceSection } from '../parts/conformance.ts';
import { contributionsSection } from '../parts/contributions.ts';
import { dependenciesSection } from '../parts/dependencies.ts';
import { bytes, day } from '../parts/format.ts';
import { icon } from '../parts/icons.ts';
import { installBox } from '../parts/install.ts';
import type { Page, Site } from '../parts/layout.ts';
import { permissionsSection } from '../parts/permissions.ts';
import { versionsSection } from '../parts/versions.ts';
import type { PluginView } from '../plugin-view.ts';

interface Shown {
  readonly view: PluginView;
  readonly site: Site;
  readonly access: 'open' | 'authenticated';
}

/** Everything about one plugin. */
export function pluginPage({ view, site, access }: Shown): Page {
  const { shown, contributions, report } = view;
  const { name, versions, latest, readme } = view.package;
  const { version, description, manifest, facts } = shown;
  const { permissions = {}, isolation = 'in-process', displayName } = manifest;
  const main = html`<div class="title">
<div class="head"><h1>${name}</h1> <span class="version">${version}</span> ${badgePill(facts.badge)}</div>
<p class="lead">${displayName && displayName !== name && html`<strong>${displayName}.</strong> `}${description}</p>
${kindChips(kindsOf(contributions))}
</div>
${warning(shown, view.offered)}
${view.isDamaged && note(html`<strong>The files of this version cannot be read</strong> in the registry's store, so that laws and schemas are missing here. Whoever runs the registry should look at it.`)}
${view.offered && installBox({ name, site, access })}
<nav class="jump" aria-label="On this page"><ul>${sections.map((each) => html`<li><a href="#${each.toLowerCase()}">${each}</a></li>`)}</ul></nav>
<div class="columns plugin">
${permissionsSection({ permissions, isolation })}
<div class="body">
<section aria-labelledby="readme">
<h2 id="readme">Readme</h2>
${readme.trim() === '' ? html`<p class="soft">It has none.</p>` : html`<div class="prose">${renderReadme(readme, { name, badgeUrl: badgeUrl(name) })}</div>`}
</section>
${contributionsSection(contributions)}
${conformanceSection({ name, version, badge: facts.badge, report })}
${versionsSection(versions, latest)}
${dependenciesSection(shown)}
</div>
${aboutSection(shown, name)}
</div>`;
  return { title: `${name} ${version}`, description, search: true, main };
}

const sections = [
  'Permissions',
  'Readme',
  'Contributions',
  'Conformance',
  'Versions',
  'Dependencies',
  'About',
];

function warning({ facts, deprecated, version }: PublishedVersion, offered: boolean): Html | undefined {
  if (!offered) {
    return note(html`<strong>Every version is yanked:</strong> it can no longer be installed, and copies that are installed refuse to load.
${facts.yanked && html`<br>${version}: ${facts.yanked.reason}`}`);
  }
  return deprecated === undefined ? undefined : note(html`<strong>Deprecated:</strong> ${deprecated}`);
}

const note = (text: Html): Html =>
  html`<div class="warning" role="note">${icon('warning')}<p>${text}</p></div>`;

function aboutSection(
  { license, published, size, signed, engines, manifest, keywords }: PluginView['shown'],
  name: string,
): Html {
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    ['Published', day(published)],
    ['Licence', license ?? 'none named'],
    ['Unpacked size', bytes(size)],
    ['Signed', signed ? 'by this registry' : 'no'],
    ['Isolation', manifest.isolation === 'process' ? 'process of its own' : 'in process'],
    [
      'Engines',
      Object.entries(engines)
        .map(([engine, range]) => `${engine} ${range}`)
        .join(', ') || undefined,
    ],
    ['Keywords', keywords.join(', ') || undefined],
    ['For programs', html`<a href="${detailUrl(name)}">as JSON</a>`],
  ];
  return html`<aside aria-labelledby="about" class="panel">
<h2 id="about">About</h2>
<dl class="about">${rows.map(([label, value]) => value !== undefined && html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
</aside>`;
}
