import { dirname, relative, sep } from 'node:path';
import type { CheckResult, RunSummary, StepResult, StepStatus, VpErrorJson } from '@vp/contracts';
import { placeText } from './error-view.ts';
import { count, duration, plural } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, oneLine, table } from './table.ts';

/** A run's outcome: one line for each asset, then what is wrong, with samples. */
export function summaryView(init: {
  readonly summary: RunSummary;
  readonly style: Style;
  readonly project: string;
}): string {
  const { summary, style, project } = init;
  const groups = grouped(summary.results);
  const shown =
    groups.length > mostGroups
      ? groups.filter(({ results }) => isNotable(results)).slice(0, mostGroups)
      : groups;
  const rows = shown.map(({ name, results }): (Cell | string)[] => {
    const status = worst(results);
    const done = results.filter((result) => result.status === 'succeeded');
    const known = done.flatMap((result) => result.rows ?? []);
    return [
      results.length === 1 ? name : `${name} (${plural(results.length, 'partition')})`,
      { text: statusText(status, results), format: statusFormat[status] },
      known.length === 0 ? '' : count(known.reduce((sum, rows) => sum + rows, 0)),
      done.length === 0 ? '' : duration(timeOf(done)),
      checksCell(results),
      { text: place(results, project), format: 'dim' },
    ];
  });
  const columns = [
    { title: 'asset', max: 60 },
    { title: 'status' },
    { title: 'rows', align: 'right' },
    { title: 'time', align: 'right' },
    { title: 'checks' },
    { title: 'where the data lies', max: 90 },
  ] as const;
  const left = groups.length - shown.length;
  const parts = [
    ...(rows.length === 0 ? [] : [table({ columns, rows, style, indent: 2 })]),
    ...(left === 0
      ? []
      : [style('dim', `  ${plural(left, 'more asset')}: vp runs show ${summary.run.id} --json`)]),
    ...troubles(summary, style),
    totals(summary, style),
  ];
  return parts.join('\n\n');
}

/** More lines than anybody reads: then only what did not go well gets one. */
const mostGroups = 200;

const isNotable = (results: readonly StepResult[]) =>
  results.some(
    ({ status, checks = [] }) =>
      (status !== 'succeeded' && status !== 'skipped') || checks.some((check) => check.status !== 'passed'),
  );

interface ResultGroup {
  readonly name: string;
  readonly results: StepResult[];
}

function grouped(results: readonly StepResult[]): readonly ResultGroup[] {
  const groups = new Map<string, ResultGroup>();
  for (const result of results) {
    const name = result.stepId.startsWith('publish:') ? result.stepId : result.asset;
    const group = groups.get(name) ?? { name, results: [] };
    group.results.push(result);
    groups.set(name, group);
  }
  return [...groups.values()];
}

const severity: readonly StepStatus[] = ['failed', 'cancelled', 'blocked', 'succeeded', 'skipped'];

const statusFormat = {
  succeeded: 'green',
  failed: 'red',
  blocked: 'yellow',
  cancelled: 'yellow',
  skipped: 'dim',
} as const;

function worst(results: readonly StepResult[]): StepStatus {
  return severity.find((status) => results.some((result) => result.status === status)) ?? 'skipped';
}

const words: Readonly<Record<StepStatus, string>> = {
  succeeded: 'ok',
  failed: 'FAILED',
  blocked: 'blocked',
  cancelled: 'cancelled',
  skipped: 'up to date',
};

function statusText(status: StepStatus, results: readonly StepResult[]): string {
  const of = results.filter((result) => result.status === status).length;
  return results.length === of ? words[status] : `${of} ${words[status]}`;
}

/** Partitions run side by side: the time is from the first to the last, not their sum. */
function timeOf(results: readonly StepResult[]): number {
  const start = Math.min(...results.map((result) => result.startedAt));
  return Math.max(...results.map((result) => result.finishedAt)) - start;
}

function checksCell(results: readonly StepResult[]): Cell {
  const checks = results.flatMap((result) => result.checks ?? []);
  if (checks.length === 0) return { text: '' };
  const bad = checks.filter((check) => check.status !== 'passed');
  if (bad.length === 0) return { text: `${plural(checks.length, 'ok', 'ok')}`, format: 'green' };
  const errors = bad.filter((check) => check.severity === 'error').length;
  const facts = [
    errors > 0 ? `${errors} failed` : '',
    bad.length > errors ? `${bad.length - errors} warned` : '',
    checks.length > bad.length ? `${checks.length - bad.length} ok` : '',
  ];
  return { text: facts.filter((fact) => fact !== '').join(', '), format: errors > 0 ? 'red' : 'yellow' };
}

function place(results: readonly StepResult[], project: string): string {
  const places = results.flatMap((result) => result.location ?? []);
  const [first] = places;
  if (first === undefined) return '';
  let common = first;
  while (
    !places.every((each) => each === common || each.startsWith(common + sep)) &&
    common !== dirname(common)
  ) {
    common = dirname(common);
  }
  const inside = relative(project, common);
  return common.startsWith(sep) && !inside.startsWith('..') ? inside : common;
}

const mostTroubles = 10;

function troubles({ run, results }: RunSummary, style: Style): string[] {
  const isFailure = (result: StepResult) => result.status === 'failed' && result.error !== undefined;
  const failures = results.filter(isFailure);
  // What stopped the run as a whole is no step's error.
  const ofRun =
    failures.length === 0 && run.error !== undefined ? [errorTrouble('the run', run.error, style)] : [];
  const checksOf = ({ stepId, checks = [] }: StepResult) =>
    checks.filter((check) => check.status !== 'passed').map((check) => checkTrouble(stepId, check, style));
  // A step's checks stand below it; warnings of steps that went well come last.
  const all = [
    ...ofRun,
    ...failures.flatMap((result) => [stepTrouble(result, style), ...checksOf(result)]),
    ...results.filter((result) => !isFailure(result)).flatMap(checksOf),
  ];
  const more =
    all.length > mostTroubles ? [`  and ${all.length - mostTroubles} more: vp runs show latest`] : [];
  return [...all.slice(0, mostTroubles), ...more];
}

function stepTrouble({ error, stepId, checks = [] }: StepResult, style: Style): string {
  // The checks that failed stand below, each with its rows.
  const isTold = checks.some((check) => check.severity === 'error' && check.status !== 'passed');
  if (error === undefined) return `  ${style('red', 'FAILED')} ${style('bold', stepId)}`;
  return errorTrouble(stepId, isTold ? { ...error, message: '' } : error, style);
}

function errorTrouble(what: string, { code, message, at, hint }: VpErrorJson, style: Style): string {
  const place = at === undefined ? '' : placeText(at);
  return [
    `  ${style('red', 'FAILED')} ${style('bold', what)} ${code}`,
    ...(message === '' ? [] : message.split('\n').map((line) => `    ${line}`)),
    ...(place === '' ? [] : [`    ${style('cyan', 'at')} ${place}`]),
    ...(hint === undefined ? [] : [`    ${style('green', 'next')} ${hint}`]),
  ].join('\n');
}

function checkTrouble(stepId: string, check: CheckResult, style: Style): string {
  const [word, format] =
    check.severity === 'error' ? (['check failed', 'red'] as const) : (['warning', 'yellow'] as const);
  // The name stands before it already.
  const message = check.message.startsWith(`${check.check}: `)
    ? check.message.slice(check.check.length + 2)
    : check.message;
  const lines = [`  ${style(format, word)} ${style('bold', `${stepId}: ${check.check}`)}  ${message}`];
  const sample = check.sample ?? [];
  const names = [...new Set(sample.flatMap((row) => Object.keys(row)))];
  if (names.length > 0) {
    const rows = sample.map((row) => names.map((name) => oneLine(cellText(row[name]))));
    lines.push(table({ columns: names.map((title) => ({ title, max: 32 })), rows, style, indent: 4 }));
  }
  return lines.join('\n');
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function totals({ run }: RunSummary, style: Style): string {
  const { steps } = run;
  const format = run.status === 'succeeded' ? 'green' : run.status === 'failed' ? 'red' : 'yellow';
  const facts = [
    steps.succeeded > 0 ? `${count(steps.succeeded)} ok` : '',
    steps.failed > 0 ? `${count(steps.failed)} failed` : '',
    steps.blocked > 0 ? `${count(steps.blocked)} blocked` : '',
    steps.cancelled > 0 ? `${count(steps.cancelled)} cancelled` : '',
    steps.skipped > 0 ? `${count(steps.skipped)} up to date` : '',
  ].filter((fact) => fact !== '');
  const time = run.finishedAt === undefined ? '' : ` in ${duration(run.finishedAt - run.startedAt)}`;
  return `  Run ${style('bold', run.id)} ${style(format, run.status)}${time}: ${facts.join(', ') || 'nothing to do'}`;
}

/** The three commands that make sense next. */
export function nextCommands(summary: RunSummary): readonly (readonly [command: string, what: string])[] {
  const { run, results } = summary;
  const made = results.filter((result) => result.status === 'succeeded' && result.rows !== undefined);
  // What is published is what somebody wants to see.
  const published = made.findLast((result) => result.stepId.startsWith('publish:'));
  const shown = published ?? made.at(-1) ?? results.find((result) => result.snapshot !== undefined);
  const asset = shown?.asset;
  if (run.status === 'failed') {
    return [
      [`vp runs show ${run.id}`, 'what happened, step by step'],
      [`vp runs logs ${run.id}`, 'every event'],
      ['vp run --from-failed', 'go on from what failed, once it is mended'],
    ];
  }
  if (run.status === 'cancelled') {
    return [
      ['vp run --from-failed', 'go on with what is missing'],
      ['vp plan --why', 'what is missing, and why'],
      [`vp runs show ${run.id}`, 'what was finished'],
    ];
  }
  if (asset === undefined) {
    return [
      [`vp runs show ${run.id}`, 'what happened, step by step'],
      ['vp plan --why', 'what would run now, and why'],
      ['vp lineage', 'the whole pipeline'],
    ];
  }
  return [
    [`vp show ${asset}`, 'the first rows'],
    [`vp query "select count(*) from ${asset}"`, 'SQL over any asset'],
    [`vp lineage ${asset} --up --down`, 'where it comes from and who uses it'],
  ];
}
