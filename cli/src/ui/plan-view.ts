import { formatPartition, type Plan, type PlanStep } from '@vp/contracts';
import { plural } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, table } from './table.ts';

/** Steps of one asset or publish: one, or its partitions with the same fate. */
interface PlanGroup {
  readonly name: string;
  readonly steps: readonly PlanStep[];
}

/** More lines than anybody reads. */
const mostGroups = 500;

/** What would run, one line for each asset; partitions with the same reason in one. */
export function planView(init: {
  readonly plan: Plan;
  readonly style: Style;
  readonly why: boolean;
}): string {
  const { plan, style, why } = init;
  const groups = grouped(plan.steps);
  const runs = plan.steps.filter((step) => step.action === 'run').length;
  const environment = plan.environment === undefined ? '' : ` (${plan.environment})`;
  const head = `${style('bold', plan.project)}${environment}: ${plural(runs, 'step')} to run, ${plural(plan.steps.length - runs, 'step')} up to date`;
  const shown = groups.slice(0, mostGroups);
  const left = groups.length - shown.length;
  const rows = shown.map(({ name, steps }): (Cell | string)[] => {
    const step = steps[0] as PlanStep;
    const run = step.action === 'run';
    const partitions = step.partition === undefined ? '' : ` (${partitionText(steps)})`;
    return [
      { text: run ? 'run' : 'skip', format: run ? 'green' : 'dim' },
      `${name}${partitions}`,
      { text: step.reason.code, format: run ? 'yellow' : 'dim' },
      ...(why ? [reasonText(step)] : []),
      step.engine ?? '',
      { text: step.path ?? '', format: 'dim' },
    ];
  });
  const columns = [
    { title: '' },
    { title: 'asset' },
    { title: 'why' },
    ...(why ? [{ title: 'because', max: 100 }] : []),
    { title: 'engine' },
    { title: 'path', max: 60 },
  ];
  const more =
    left === 0
      ? ''
      : style('dim', `\n  and ${plural(left, 'more line', 'more lines')}: select some, or --json`);
  return `${head}\n\n${table({ columns, rows, style, indent: 2 })}${more}`;
}

function grouped(steps: readonly PlanStep[]): readonly PlanGroup[] {
  const groups = new Map<string, { readonly name: string; readonly steps: PlanStep[] }>();
  for (const step of steps) {
    const name = step.kind === 'publish' ? step.id : step.asset;
    const key = [name, step.action, step.reason.code, reasonText(step)].join('\n');
    const group = groups.get(key) ?? { name, steps: [] };
    group.steps.push(step);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function partitionText(steps: readonly PlanStep[]): string {
  const keys = steps.map((step) => formatPartition(step.partition ?? {}));
  const [first = ''] = keys;
  const last = keys.at(-1) ?? '';
  return keys.length === 1
    ? first
    : `${keys.length} partitions, ${first} to ${last.slice(last.indexOf('=') + 1)}`;
}

function reasonText({ reason }: PlanStep): string {
  const { changes = [], text } = reason;
  // The text often names what changed already.
  const unnamed = changes.filter((change) => !text.includes(change));
  return unnamed.length === 0 ? text : `${text} (${unnamed.join(', ')})`;
}
