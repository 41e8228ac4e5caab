const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timezone: string): Intl.DateTimeFormat {
  let found = formatters.get(timezone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formatters.set(timezone, found);
  }
  return found;
}

/** Whether `timezone` is an IANA zone that this Node knows. */
export function isTimeZone(timezone: string): boolean {
  try {
    formatter(timezone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What clocks on the wall show at `instant`, as the milliseconds of a UTC date that reads the same. */
export function toWallClock(instant: number, timezone: string): number {
  if (timezone === 'UTC') return instant;
  const parts: Record<string, number> = {};
  let era = 'AD';
  for (const { type, value } of formatter(timezone).formatToParts(instant)) {
    if (type === 'era') era = value;
    else if (type !== 'literal') parts[type] = Number(value);
  }
  const year = parts.year ?? 0;
  const wall = Date.UTC(
    2000,
    (parts.month ?? 1) - 1,
    parts.day ?? 1,
    parts.hour ?? 0,
    parts.minute ?? 0,
    parts.second ?? 0,
  );
  const date = new Date(wall);
  date.setUTCFullYear(era.startsWith('B') ? 1 - year : year, (parts.month ?? 1) - 1, parts.day ?? 1);
  return date.getTime() + (((instant % 1000) + 1000) % 1000);
}

const day = 86_400_000;

/**
 * The first instant at which clocks on the wall show `wall` or later. Where a change of the clocks
 * skips the time, that is the change itself; where the time comes twice, its first coming.
 */
export function toInstant(wall: number, timezone: string): number {
  if (timezone === 'UTC') return wall;
  const offsetAt = (instant: number): number => toWallClock(instant, timezone) - instant;
  const before = offsetAt(wall - day);
  const after = offsetAt(wall + day);
  const candidates = [wall - before, wall - after].sort((a, b) => a - b);
  const exact = candidates.find((instant) => toWallClock(instant, timezone) === wall);
  if (exact !== undefined) return exact;
  let low = wall - Math.max(before, after) - 1;
  let high = wall - Math.min(before, after);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (toWallClock(middle, timezone) >= wall) high = middle;
    else low = middle;
  }
  return high;
}
