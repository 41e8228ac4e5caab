import type { VpEvent } from '@vp/contracts';
import { bytes, count, duration, moment } from './format.ts';
import type { Style } from './style.ts';

/** An event as one line: when, what, of which step. */
export function eventText(event: VpEvent, style: Style): string {
  const step = event.stepId === undefined ? '' : ` ${style('bold', event.stepId)}`;
  return `${style('dim', moment(event.at))} ${event.type}${step} ${facts(event)}`.trimEnd();
}

function facts(event: VpEvent): string {
  switch (event.type) {
    case 'run.started':
      return `${count(event.plan.steps.length)} steps, process ${event.run.pid} on ${event.run.host}`;
    case 'run.finished':
      return event.run.status;
    case 'step.started':
      return `attempt ${event.attempt}`;
    case 'step.progress':
      return [
        event.activity,
        event.rows === undefined ? undefined : `${count(event.rows)} rows`,
        event.bytes === undefined ? undefined : bytes(event.bytes),
      ]
        .filter((fact) => fact !== undefined)
        .join(', ');
    case 'step.retrying':
      return `attempt ${event.attempt} failed, next in ${duration(event.delayMs)}: ${event.error.message}`;
    case 'step.finished': {
      const { status, rows, error, reason, startedAt, finishedAt, snapshot } = event.result;
      const parts = [
        status,
        rows === undefined ? undefined : `${count(rows)} rows`,
        duration(finishedAt - startedAt),
        snapshot === undefined ? undefined : `snapshot ${snapshot}`,
        reason,
        error === undefined ? undefined : `${error.code}: ${error.message}`,
      ];
      return parts.filter((part) => part !== undefined).join(', ');
    }
    case 'check.finished': {
      const { check, severity, status, message } = event.result;
      return `${check} (${severity}) ${status}: ${message}`;
    }
    case 'snapshot.committed':
      return `${event.snapshot.id}, ${count(event.snapshot.rows)} rows, ${event.snapshot.location}`;
    case 'schema.changed':
      return event.changes.join('; ');
    case 'alert.sent':
      return `${event.alerter}: ${event.alert.title}`;
    case 'alert.failed':
      return `${event.alerter}: ${event.error.message}`;
    case 'permission.denied':
      return `${event.plugin} wanted ${event.permission} ${event.wanted}`;
    case 'plugin.failed':
      return `${event.plugin}: ${event.error.message}`;
    case 'log':
      return `${event.level}${event.plugin === undefined ? '' : ` ${event.plugin}`}: ${event.message}`;
    default:
      return '';
  }
}
