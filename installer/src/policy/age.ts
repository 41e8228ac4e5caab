const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of `"3d"`, `"12h"`, as vp.toml's schema lets them pass. */
export function durationMs(text: string): number {
  const unit = units[text.at(-1) as keyof typeof units];
  return Number(text.slice(0, -1)) * unit;
}

/** An age in the largest unit that fits: `5 hours`, `1 day`. */
export function ageText(ms: number): string {
  const names = [
    ['day', units.d],
    ['hour', units.h],
    ['minute', units.m],
  ] as const;
  for (const [name, size] of names) {
    const count = Math.floor(ms / size);
    if (count > 0) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}
