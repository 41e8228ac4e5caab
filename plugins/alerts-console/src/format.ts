import { stripVTControlCharacters, type styleText } from 'node:util';
import type { Alert } from '@vp/plugin-sdk';

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<Alert['severity'], Style>> = {
  info: 'cyan',
  warn: 'yellow',
  error: 'red',
  critical: ['bold', 'red'],
};

const longest = 4_000;

/** An alert as lines for people. `paint` puts colour on, or does not. */
export function formatAlert(alert: Alert, paint: (style: Style, text: string) => string): string {
  const isResolved = alert.state === 'resolved';
  const label = isResolved
    ? paint('green', 'RESOLVED')
    : paint(styles[alert.severity], alert.severity.toUpperCase());
  const where = [alert.project, alert.environment].filter((part) => part !== undefined).join('/');
  const head = `${label} ${paint('bold', plain(alert.title))} (${plain(where)})`;
  const facts = [
    alert.count > 1 ? `${alert.count} times` : undefined,
    alert.since < alert.at ? `since ${time(alert.since)}` : time(alert.at),
    alert.owner === undefined ? undefined : `owner ${alert.owner}`,
    alert.runId === undefined ? undefined : `vp runs show ${alert.runId}`,
  ].filter((fact) => fact !== undefined);
  const text = shortened(plain(alert.text)).split('\n').filter(Boolean);
  const body = [...text, paint('dim', plain(facts.join(' · ')))];
  return `${[head, ...body.map((line) => `  ${line}`)].join('\n')}\n`;
}

/** Alerts quote data: it must not move the cursor or paint the screen. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ');
}

/** A terminal is no place for a megabyte of stack trace. */
function shortened(text: string): string {
  const rest = text.length - longest;
  return rest > 0 ? `${text.slice(0, longest).toWellFormed()}… (${rest} more characters)` : text;
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
