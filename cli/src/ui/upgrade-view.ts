import { type PermissionWords, permissionWords } from '@vp/contracts/registry';
import type { ConfigChange, ContributionChange, UpgradeStep } from '@vp/installer';
import { ago } from './format.ts';
import type { Style } from './style.ts';

/** One step of an upgrade, and the assets that it may touch. */
export interface PlannedUpgrade extends UpgradeStep {
  /** `raw_orders`, `publish daily`: what of the pipeline uses the plugin. */
  readonly usedBy: readonly string[];
}

const distances = { major: 'red', minor: 'yellow', patch: 'green', other: 'yellow' } as const;

/** What an upgrade would change, plugin by plugin, the worst of each last and in red. */
export function upgradeView(init: {
  readonly steps: readonly PlannedUpgrade[];
  readonly style: Style;
  readonly now: number;
}): string {
  return init.steps.map((step) => stepView(step, init.style, init.now)).join('\n\n');
}

function stepView(step: PlannedUpgrade, style: Style, now: number): string {
  const { key, from, to, distance, published, changes, engines, beyondRange, usedBy, conflicts } = step;
  const age = published === undefined ? '' : style('dim', `  published ${ago(Date.parse(published), now)}`);
  const lines = [`${style('bold', key)} ${from} -> ${style(distances[distance], to)} (${distance})${age}`];
  const row = (title: string, text: string) => lines.push(`  ${style('dim', title.padEnd(11))} ${text}`);
  if (beyondRange) row('vp.toml', `the range has to change: ${to} is beyond it`);
  if (engines !== undefined) row('needs', `vp ${engines.to} (before: ${engines.from})`);
  if (changes.isolation !== undefined) row('runs', `${changes.isolation.from} -> ${changes.isolation.to}`);
  for (const words of permissionWords(changes.permissions.added))
    row('permission', style('yellow', `+ ${permissionText(words)}`));
  for (const words of permissionWords(changes.permissions.removed))
    row('permission', `- ${permissionText(words)}`);
  for (const contribution of changes.contributions)
    for (const line of contributionLines(contribution, style)) row(...line);
  if (lines.length === 1) row('changes', 'nothing of what it brings, may or takes as configuration');
  row('used by', usedBy.join(', ') || 'no asset by name');
  for (const { place, key: name, problem } of conflicts)
    row('mend', style('red', `${place}${name === '' ? '' : `: ${name}`} ${problem}`));
  return lines.join('\n');
}

const permissionText = ({ verb, objects }: PermissionWords) =>
  objects.length === 0 ? verb : `${verb}: ${objects.join('; ')}`;

function contributionLines(change: ContributionChange, style: Style): readonly (readonly [string, string])[] {
  const { point, id, contract, capabilities, config, options } = change;
  const name = `${point} ${id}`;
  if (change.change === 'added') return [['brings', style('green', `+ ${name}`)]];
  if (change.change === 'removed') return [['brings', style('red', `- ${name}`)]];
  return [
    ...(contract === undefined
      ? []
      : [['contract', style('red', `${name}: ${contract.from} -> ${contract.to}`)] as const]),
    ...capabilities.added.map((each) => ['can', `${name}: + ${each}`] as const),
    ...capabilities.removed.map((each) => ['can', style('red', `${name}: - ${each}`)] as const),
    ...config.map((each) => ['config', keyLine(name, each, style)] as const),
    ...options.map((each) => ['options', keyLine(name, each, style)] as const),
  ];
}

function keyLine(name: string, change: ConfigChange, style: Style): string {
  const text = `${name}: ${keyText(change)}`;
  return change.breaking ? style('red', text) : text;
}

function keyText({ key, change, from, to, breaking }: ConfigChange): string {
  switch (change) {
    case 'added':
      return `+ ${key} (${to ?? 'any'})${breaking ? ', required' : ''}`;
    case 'removed':
      return `- ${key}`;
    case 'required':
      return `${key} is required now`;
    case 'optional':
      return `${key} may be left out now`;
    case 'retyped':
      return `${key} is ${to ?? 'any'}, and was ${from ?? 'any'}`;
    case 'default':
      return `${key} is ${to ?? 'nothing'} when left out, and was ${from ?? 'nothing'}`;
  }
}
