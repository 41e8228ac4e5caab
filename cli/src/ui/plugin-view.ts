import { type ConfigKey, permissionWords } from '@vp/contracts/registry';
import type { PluginDescription } from '@vp/installer';
import { badgeCell, badgeSentence } from './badge-text.ts';
import { ago, bytes } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, oneLine, table } from './table.ts';

/** All about one version of a plugin, for `vp plugins info`. Texts of strangers come as one line each. */
export function pluginView(init: {
  readonly plugin: PluginDescription;
  readonly style: Style;
  readonly now: number;
}): string {
  const { plugin, style } = init;
  const { name, version, description, displayName } = plugin;
  const title = `${style('bold', name)} ${version}${displayName === undefined ? '' : `  ${oneLine(displayName)}`}`;
  return [
    [title, ...(description === '' ? [] : [oneLine(description)])].join('\n'),
    factLines(init),
    section('Brings', bringsLines(init), style),
    section('May, once it is granted', permissionLines(plugin), style),
    ...plugin.configuration.map((each) =>
      section(configurationTitle(each), keysTable(each.keys, style), style),
    ),
    section('Versions', versionsTable(init), style),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

interface View {
  readonly plugin: PluginDescription;
  readonly style: Style;
  readonly now: number;
}

const section = (title: string, body: string, style: Style) =>
  body === '' ? '' : `${style('bold', title)}\n${body}`;

function factLines({ plugin, style, now }: View): string {
  const { license = 'unknown', published, size, registry, isolation, engines, versions, version } = plugin;
  const own = versions.find((each) => each.version === version);
  const rows: readonly (readonly [string, string])[] = [
    ['badge', oneLine(badgeSentence(plugin.badge))],
    ['licence', oneLine(license)],
    [
      'published',
      published === '' ? 'unknown' : oneLine(`${published.slice(0, 10)}, ${ago(Date.parse(published), now)}`),
    ],
    ['signed', own?.signed ? 'yes, by the registry' : 'no'],
    ['size', size === 0 ? 'unknown' : bytes(size)],
    ['needs', versionsOf(engines) || 'nothing special'],
    ['packages', versionsOf(plugin.dependencies) || 'none'],
    ['runs', isolation === 'process' ? 'in a process of its own' : 'in the process of vp'],
    ['registry', registry],
    ...(own?.yanked === undefined ? [] : [['withdrawn', style('red', oneLine(own.yanked.reason))] as const]),
  ];
  return rows.map(([title, text]) => `  ${style('dim', title.padEnd(10))} ${text}`).join('\n');
}

const versionsOf = (packages: Readonly<Record<string, string>>): string =>
  oneLine(
    Object.entries(packages)
      .map(([what, range]) => `${what} ${range}`)
      .join(', '),
  );

function bringsLines({ plugin, style }: View): string {
  const rows = plugin.contributions.map(({ point, id, description = '', capabilities }) => [
    `${point} ${id}`,
    capabilities.join(', '),
    description,
  ]);
  const columns = [{ title: 'what' }, { title: 'can' }, { title: 'description', max: 80 }];
  return rows.length === 0 ? '  nothing' : table({ columns, rows, style, indent: 2 });
}

function permissionLines({ permissions }: PluginDescription): string {
  const words = permissionWords(permissions);
  if (words.length === 0) return '  it asks for nothing';
  return words
    .map(
      ({ verb, objects }) =>
        `  ${oneLine([verb, objects.join('; ')].filter((part) => part !== '').join(': '))}`,
    )
    .join('\n');
}

function configurationTitle({ point, id, schema }: PluginDescription['configuration'][number]): string {
  if (schema === 'options') return `Options of ${point}('${id}', …)`;
  const isConnection = point === 'source' || point === 'sink';
  return isConnection
    ? `Configuration of ${point} ${id}: [connections.<name>] with use = "${id}"`
    : `Configuration of ${point} ${id}: [${point}.${id}]`;
}

function keysTable(keys: readonly ConfigKey[], style: Style): string {
  const columns = [
    { title: 'key' },
    { title: 'type', max: 48 },
    { title: 'default', max: 24 },
    { title: 'meaning', max: 80 },
  ];
  const rows = keys.map(({ key, type, required, default: standard, description }): (Cell | string)[] => [
    key,
    type,
    standard === undefined && required ? { text: 'required', format: 'yellow' } : (standard ?? ''),
    description,
  ]);
  return table({ columns, rows, style, indent: 2 });
}

/** More are in `--json`. */
const shownVersions = 10;

function versionsTable({ plugin, style, now }: View): string {
  const columns = [
    { title: 'version' },
    { title: 'published' },
    { title: 'size', align: 'right' as const },
    { title: 'badge' },
    { title: 'state', max: 80 },
  ];
  const rows = plugin.versions
    .slice(0, shownVersions)
    .map(({ version, published, size, badge, signed, yanked }): (Cell | string)[] => [
      version,
      published === '' ? '' : ago(Date.parse(published), now),
      size === 0 ? '' : bytes(size),
      badgeCell(badge),
      yanked === undefined
        ? { text: signed ? 'signed' : 'not signed', format: signed ? 'green' : 'yellow' }
        : { text: `withdrawn: ${yanked.reason}`, format: 'red' },
    ]);
  const rest = plugin.versions.length - rows.length;
  return `${table({ columns, rows, style, indent: 2 })}${rest > 0 ? `\n  and ${rest} older: --json lists all` : ''}`;
}
