import { type Html, html } from '../html.ts';

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** `20 Nov 2026`; a text that is no date stays as it is. */
export function day(iso: string): Html {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? html`${iso}` : html`<time datetime="${iso}">${days.format(time)}</time>`;
}

/** `48 kB`, `1.2 MB` */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 plugin`, `12 plugins` */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
