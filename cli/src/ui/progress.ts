import type { StepResult, VpEvent } from '@vp/contracts';
import { bytes, count, duration, plural, short } from './format.ts';
import { type Style, styleFor } from './style.ts';
import { pad, truncate, width } from './width.ts';

/** Shows a run while it goes on. */
export interface ProgressView {
  event(event: VpEvent): void;
  /** A line between the others. */
  line(text: string): void;
  close(): void;
}

interface RunningStep {
  readonly id: string;
  readonly startedAt: number;
  rows: number;
  bytes: number;
  fraction?: number | undefined;
  activity: string;
}

/** Beyond this many steps only failures get a line that stays. */
const quietAbove = 200;

/** One line for each running step on a terminal; a line for each finished one elsewhere. */
export async function createProgressView(
  stream: NodeJS.WriteStream,
  redact: (text: string) => string,
): Promise<ProgressView> {
  const style = styleFor(stream);
  // Some terminals do not know their width; nothing can be redrawn there.
  const isWide = (stream.columns ?? 0) >= 40;
  const live = stream.isTTY && isWide && process.env.TERM !== 'dumb' && process.env.CI === undefined;
  return live ? liveView({ stream, style, redact }) : plainView({ stream, style, redact });
}

interface ViewInit {
  readonly stream: NodeJS.WriteStream;
  readonly style: Style;
  readonly redact: (text: string) => string;
}

function plainView({ stream, style, redact }: ViewInit): ProgressView {
  const state = createRunState();
  const line = (text: string) => stream.write(`${redact(text)}\n`);
  return {
    event(event) {
      state.apply(event);
      const text = eventLine(event, style);
      if (text !== undefined && (state.total <= quietAbove || isTrouble(event))) line(text);
    },
    line,
    close() {},
  };
}

async function liveView({ stream, style, redact }: ViewInit): Promise<ProgressView> {
  const { createLogUpdate } = await import('log-update');
  // What others write, an alert perhaps, goes above the lines that are redrawn, not into them.
  const write = stream.write.bind(stream);
  const log = createLogUpdate(Object.assign(Object.create(stream), { write }));
  const restore = [stream, process.stdout].map((each) => aside(each, () => log.clear()));
  const state = createRunState();
  let frame = 0;
  const draw = () =>
    log(redact(liveLines(state, { style, now: Date.now(), columns: stream.columns, frame: frame++ })));
  const timer = setInterval(draw, 100);
  timer.unref();
  const line = (text: string) => log.persist(redact(text));
  return {
    event(event) {
      state.apply(event);
      const text = eventLine(event, style);
      if (text !== undefined && (state.total <= quietAbove || isTrouble(event))) line(text);
    },
    line,
    close() {
      clearInterval(timer);
      log.clear();
      log.done();
      for (const undo of restore) undo();
    },
  };
}

/** Calls `before` whenever something is written; gives how to undo it. */
function aside(stream: NodeJS.WriteStream, before: () => void): () => void {
  const original = stream.write;
  const write = original.bind(stream);
  stream.write = ((...args: Parameters<typeof write>) => {
    before();
    return write(...args);
  }) as typeof original;
  return () => {
    stream.write = original;
  };
}

interface RunState {
  readonly running: ReadonlyMap<string, RunningStep>;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly rows: number;
  readonly startedAt: number;
  apply(event: VpEvent): void;
}

export function createRunState(): RunState {
  const running = new Map<string, RunningStep>();
  const state = {
    running,
    total: 0,
    done: 0,
    failed: 0,
    rows: 0,
    startedAt: Date.now(),
    apply(event: VpEvent) {
      const id = event.stepId ?? '';
      if (event.type === 'run.started') {
        state.total = event.plan.steps.filter((step) => step.action === 'run').length;
        state.startedAt = event.at;
      } else if (event.type === 'step.started') {
        running.set(id, { id, startedAt: event.at, rows: 0, bytes: 0, activity: 'starting' });
      } else if (event.type === 'step.progress') {
        const step = running.get(id);
        if (step === undefined) return;
        step.rows = event.rows ?? step.rows;
        step.bytes = event.bytes ?? step.bytes;
        step.fraction = event.fraction ?? step.fraction;
        step.activity = event.activity ?? step.activity;
      } else if (event.type === 'step.finished') {
        running.delete(event.result.stepId);
        if (event.result.status === 'skipped') return;
        state.done += 1;
        if (event.result.status === 'failed') state.failed += 1;
        state.rows += event.result.rows ?? 0;
      }
    },
  };
  return state;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const mostLines = 12;

export function liveLines(
  state: RunState,
  view: { readonly style: Style; readonly now: number; readonly columns: number; readonly frame: number },
): string {
  const { style, now, frame } = view;
  const columns = Math.max(40, view.columns || 80);
  const steps = [...state.running.values()];
  const shown = steps.slice(0, mostLines);
  const names = Math.min(40, Math.max(0, ...shown.map((step) => width(step.id))));
  const mark = style('cyan', spinner[frame % spinner.length] ?? '·');
  const lines = shown.map((step) => {
    const seconds = Math.max(0.001, (now - step.startedAt) / 1000);
    const facts = [
      pad(step.activity, 9),
      step.fraction === undefined ? '' : `${Math.round(step.fraction * 100)} %`,
      step.rows > 0 ? `${short(step.rows)} rows, ${short(step.rows / seconds)}/s` : '',
      step.bytes > 0 ? bytes(step.bytes) : '',
      duration(now - step.startedAt),
    ].filter((fact) => fact !== '');
    return `  ${mark} ${truncate(`${pad(truncate(step.id, names), names)}  ${facts.join('  ')}`, columns - 5)}`;
  });
  if (steps.length > shown.length) lines.push(`    and ${steps.length - shown.length} more`);
  const elapsed = now - state.startedAt;
  const totals = [
    `${count(state.done)} of ${count(state.total)} steps`,
    state.failed === 0 ? '' : style('red', `${count(state.failed)} failed`),
    `${short(state.rows)} rows`,
    duration(elapsed),
  ].filter((fact) => fact !== '');
  return [...lines, `  ${totals.join('  ')}`].join('\n');
}

const isTrouble = (event: VpEvent) =>
  (event.type === 'step.finished' && event.result.status === 'failed') ||
  (event.type === 'log' && (event.level === 'warn' || event.level === 'error'));

/**
 * Lets through what is worth a line: alerts that an alerter could not send once for each reason, and
 * without the reason when it was `said` already. Gives `undefined` for what is not.
 */
export function withoutRepeats(said: readonly string[]): (event: VpEvent) => VpEvent | undefined {
  const seen = new Set<string>();
  return (event) => {
    if (event.type !== 'alert.failed') return event;
    const { error, alerter } = event;
    const key = `${alerter} ${error.message}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    if (!said.includes(error.message)) return event;
    return { ...event, error: { ...error, message: `its plugin cannot be used, see ${error.code} above` } };
  };
}

/** The line that an event leaves behind, when it leaves one. */
export function eventLine(event: VpEvent, style: Style): string | undefined {
  switch (event.type) {
    case 'step.finished':
      return resultLine(event.result, style);
    case 'step.retrying': {
      const why = event.error.message.split('\n')[0] ?? '';
      return `  ${style('yellow', 'again')} ${event.stepId ?? ''}  attempt ${event.attempt} in ${duration(event.delayMs)}: ${why}`;
    }
    case 'schema.changed':
      return `  ${style('yellow', 'schema')} ${event.asset}  ${event.changes.join('; ')}`;
    case 'log':
      if (event.level !== 'warn' && event.level !== 'error') return undefined;
      return `  ${style(event.level === 'warn' ? 'yellow' : 'red', event.level)} ${event.message}`;
    case 'plugin.failed':
      return `  ${style('red', 'plugin')} ${event.plugin}: ${event.error.message}`;
    case 'alert.failed':
      return `  ${style('yellow', 'alert')} not sent by ${event.alerter}: ${event.error.message}`;
    default:
      return undefined;
  }
}

function resultLine(result: StepResult, style: Style): string | undefined {
  const time = duration(result.finishedAt - result.startedAt);
  const { stepId, status } = result;
  if (status === 'succeeded') {
    const rows = result.rows === undefined ? '' : `  ${plural(result.rows, 'row')}`;
    return `  ${style('green', 'ok')}   ${stepId}${rows}  ${style('dim', time)}`;
  }
  if (status === 'failed') {
    const [first = '', second = ''] = (result.error?.message ?? '').split('\n');
    const why = `  ${first}${first.endsWith(':') ? ` ${second.trim()}` : ''}`.trimEnd();
    return `  ${style('red', 'FAIL')} ${stepId}${why}`;
  }
  return undefined;
}
