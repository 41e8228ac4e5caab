import type { TimeGrain } from '@vp/contracts';

const hour = 3_600_000;
const day = 24 * hour;

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Wall-clock times are milliseconds of a UTC date that reads the same. */
type Wall = number;

/** The start of the window of `grain` that holds `wall`. Weeks begin on Monday (ISO 8601). */
export function floorToGrain(wall: Wall, grain: TimeGrain): Wall {
  const date = new Date(wall);
  switch (grain) {
    case 'hour':
      return Math.floor(wall / hour) * hour;
    case 'day':
      return Math.floor(wall / day) * day;
    case 'week':
      return Math.floor(wall / day) * day - ((date.getUTCDay() + 6) % 7) * day;
    case 'month':
      return utc(date.getUTCFullYear(), date.getUTCMonth());
    case 'year':
      return utc(date.getUTCFullYear(), 0);
  }
}

/** The start of the window `count` windows after the one that starts at `start`. */
export function addGrain(start: Wall, grain: TimeGrain, count: number): Wall {
  const date = new Date(start);
  switch (grain) {
    case 'hour':
      return start + count * hour;
    case 'day':
      return start + count * day;
    case 'week':
      return start + count * 7 * day;
    case 'month':
      return utc(date.getUTCFullYear(), date.getUTCMonth() + count);
    case 'year':
      return utc(date.getUTCFullYear() + count, 0);
  }
}

/** The key of the window that starts at `start`: `2001`, `2001-03`, `2001-W09`, `2001-03-05`, `2001-03-05T14`. */
export function formatGrain(start: Wall, grain: TimeGrain): string {
  const date = new Date(start);
  const year = pad(date.getUTCFullYear(), 4);
  const month = `${year}-${pad(date.getUTCMonth() + 1)}`;
  const dayText = `${month}-${pad(date.getUTCDate())}`;
  switch (grain) {
    case 'hour':
      return `${dayText}T${pad(date.getUTCHours())}`;
    case 'day':
      return dayText;
    case 'month':
      return month;
    case 'year':
      return year;
    case 'week': {
      const thursday = new Date(start + 3 * day);
      const weekYear = thursday.getUTCFullYear();
      const week = Math.floor((thursday.getTime() - utc(weekYear, 0)) / (7 * day)) + 1;
      return `${pad(weekYear, 4)}-W${pad(week)}`;
    }
  }
}

const forms: readonly (readonly [TimeGrain, RegExp])[] = [
  ['year', /^(\d{4})$/],
  ['month', /^(\d{4})-(\d\d)$/],
  ['week', /^(\d{4})-W(\d\d)$/],
  ['day', /^(\d{4})-(\d\d)-(\d\d)$/],
  ['hour', /^(\d{4})-(\d\d)-(\d\d)T(\d\d)$/],
];

/** The window that a key means, with the grain that its form says; `undefined` when it is none. */
export function parseGrain(text: string): { readonly start: Wall; readonly grain: TimeGrain } | undefined {
  for (const [grain, form] of forms) {
    const match = form.exec(text);
    if (match === null) continue;
    const [year = 0, second = 1, third = 1, fourth = 0] = match.slice(1).map(Number);
    const start =
      grain === 'week'
        ? floorToGrain(utc(year, 0, 4), 'week') + (second - 1) * 7 * day
        : utc(year, second - 1, third) + fourth * hour;
    return formatGrain(start, grain) === text ? { start, grain } : undefined;
  }
  return undefined;
}

/** `Date.UTC` that does not take years below 100 for years of the 20th century. */
function utc(year: number, month: number, dayOfMonth = 1): Wall {
  const date = new Date(0);
  date.setUTCFullYear(year, month, dayOfMonth);
  return date.getTime();
}
