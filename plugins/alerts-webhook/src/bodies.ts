import type { Alert, AlertSeverity } from '@vp/plugin-sdk';

/** Slack refuses more blocks than 50; a problem that makes so many alerts is told in several posts. */
const alertsPerPost = 20;

/** The bodies to post for `alerts`, in order. */
export function bodiesOf(alerts: readonly Alert[], format: 'generic' | 'slack'): readonly string[] {
  const posts: string[] = [];
  for (let from = 0; from < alerts.length; from += alertsPerPost) {
    const some = alerts.slice(from, from + alertsPerPost);
    posts.push(
      JSON.stringify(format === 'slack' ? slackMessage(some) : { version: 1, alerts: some.map(shortened) }),
    );
  }
  return posts;
}

/** Receivers refuse bodies of megabytes, and with them the alert. */
function shortened(alert: Alert): Alert {
  return { ...alert, title: cut(alert.title, 1_000), text: cut(alert.text, 20_000) };
}

function cut(text: string, length: number): string {
  return (text.length > length ? `${text.slice(0, length - 1)}…` : text).toWellFormed();
}

const marks: Readonly<Record<AlertSeverity, string>> = {
  info: ':information_source:',
  warn: ':warning:',
  error: ':red_circle:',
  critical: ':rotating_light:',
};

function slackMessage(alerts: readonly Alert[]) {
  const [first] = alerts;
  const more = alerts.length > 1 ? ` and ${alerts.length - 1} more` : '';
  return {
    // What notifications show.
    text: escaped(`${first?.state === 'resolved' ? 'Resolved: ' : ''}${first?.title ?? ''}${more}`, 300),
    blocks: alerts.flatMap((alert) => [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `${headline(alert)}\n${escaped(alert.text, 2_000)}` },
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: facts(alert) }] },
    ]),
  };
}

function headline(alert: Alert): string {
  const title = escaped(alert.title, 500);
  return alert.state === 'resolved'
    ? `:white_check_mark: *Resolved: ${title}*`
    : `${marks[alert.severity]} *${title}*`;
}

function facts(alert: Alert): string {
  const time = `<!date^${Math.floor(alert.since / 1000)}^since {date_short_pretty} {time}|since ${new Date(alert.since).toISOString()}>`;
  const texts = [
    [alert.project, alert.environment].filter((part) => part !== undefined).join('/'),
    alert.asset === undefined ? undefined : `asset ${alert.asset}`,
    alert.owner === undefined ? undefined : `owner ${alert.owner}`,
    alert.count > 1 ? `${alert.count} times` : undefined,
    alert.runId === undefined ? undefined : `run ${alert.runId}`,
  ].filter((text) => text !== undefined);
  return [...texts.map((text) => escaped(text, 300)), time].join(' · ');
}

/** Slack's three special characters, and at most `length` characters: `<!channel>` in data wakes nobody. */
function escaped(text: string, length: number): string {
  return cut(text, length).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
