import type { Alert } from '@vp/plugin-sdk';

/** More than that no chat shows. */
const longest = 3000;

/** An alert as a message. Alerts quote data: what could steer a terminal or break an encoding is taken out. */
export function messageOf({ state, severity, title, text, project, asset, runId }: Alert): string {
  const label = state === 'resolved' ? 'RESOLVED' : severity.toUpperCase();
  const where = [project, asset].filter((part) => part !== undefined).join('/');
  const run = runId === undefined ? '' : `\nvp runs show ${runId}`;
  const body = clean(text);
  const short = body.length > longest ? `${body.slice(0, longest).toWellFormed()}…` : body;
  return `${label} ${clean(title)} (${clean(where)})\n${short}${run}`;
}

const clean = (text: string): string => text.toWellFormed().replaceAll(/[^\P{Cc}\n]/gu, ' ');
