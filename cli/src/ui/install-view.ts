import { type PermissionWords, permissionWords } from '@vp/contracts/registry';
import type { PluginChange, Proposal } from '@vp/installer';
import { badgeSentence } from './badge-text.ts';
import { ago, bytes } from './format.ts';
import type { Style } from './style.ts';
import { oneLine } from './table.ts';

/** What an install would change, for somebody to agree to. Texts of strangers come as one line each. */
export function installView(init: {
  readonly proposal: Proposal;
  readonly style: Style;
  readonly now: number;
}): string {
  const { proposal, style, now } = init;
  const changes = proposal.changes.map((change) => changeView(change, style, now));
  const warnings = proposal.warnings.map(({ message, hint = '' }) =>
    style('yellow', `warning: ${oneLine(`${message} ${hint}`.trimEnd())}`),
  );
  return [...changes, ...(warnings.length === 0 ? [] : [warnings.join('\n')])].join('\n\n');
}

const verbs: Readonly<Record<PluginChange['kind'], readonly [verb: string, format: Parameters<Style>[0]]>> = {
  add: ['+', 'green'],
  upgrade: ['^', 'green'],
  downgrade: ['v', 'yellow'],
  replace: ['=', 'yellow'],
  remove: ['-', 'red'],
  grant: ['!', 'yellow'],
};

function changeView(change: PluginChange, style: Style, now: number): string {
  const { key, kind, from, to } = change;
  const [sign, format] = verbs[kind];
  const name = key === change.package ? key : `${key} (${change.package})`;
  const versions = [from, to].filter((each) => each !== undefined);
  const title = `${style(format, sign)} ${style('bold', name)} ${versions.join(' -> ')}`.trimEnd();
  if (kind === 'remove') return title;
  const lines = [title];
  const row = (label: string, text: string) => lines.push(`    ${style('dim', label.padEnd(9))} ${text}`);
  if (change.description !== undefined && kind !== 'grant') row('is', oneLine(change.description));
  const brings = change.contributions.map(({ point, id }) => `${point} ${id}`);
  if (brings.length > 0 && kind !== 'grant') row('brings', brings.join(', '));
  const may = permissionWords(change.permissions);
  if (may.length === 0) row('may', 'nothing beyond what every plugin may: it asks for no permission');
  for (const words of may) row('may', permissionText(words));
  if (may.length > 0) {
    const asked = change.asks.map(({ kind: what, wanted }) =>
      what === 'native' ? 'native' : `${what} ${wanted}`,
    );
    const news = oneLine(`new: ${asked.join(', ')}`);
    row('grants', asked.length === 0 ? 'vp.toml grants it all' : style('yellow', news));
  }
  row('runs', change.isolation === 'process' ? 'in a process of its own' : 'in the process of vp, trusted');
  if (kind === 'grant') return lines.join('\n');
  row('badge', oneLine(badgeSentence(change.badge)));
  row(
    'from',
    `${change.registry ?? 'an unknown registry'}, ${change.signed ? 'signed' : style('red', 'not signed')}`,
  );
  const facts = [
    ...(change.published === undefined ? [] : [`published ${ago(Date.parse(change.published), now)}`]),
    ...(change.size === undefined ? [] : [bytes(change.size)]),
    ...(change.license === undefined ? [] : [change.license]),
  ];
  if (facts.length > 0) row('', style('dim', oneLine(facts.join(' · '))));
  if (change.deprecated !== undefined) row('', style('red', `deprecated: ${oneLine(change.deprecated)}`));
  return lines.join('\n');
}

const permissionText = ({ verb, objects }: PermissionWords): string =>
  oneLine(objects.length === 0 ? verb : `${verb}: ${objects.join('; ')}`);
