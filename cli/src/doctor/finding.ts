import { describeThrown, isVpError } from '@vp/contracts';

/** What one look found. */
export interface Finding {
  /** What was looked at: `node`, `plugin @vp/files`, `connection shop`. */
  readonly what: string;
  readonly status: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** The edit or command that mends it. */
  readonly fix?: string;
  readonly code?: string;
}

export const ok = (what: string, message: string): Finding => ({ what, status: 'ok', message });

export const bad = (
  what: string,
  message: string,
  fix: string,
  status: 'warning' | 'error' = 'error',
): Finding => ({
  what,
  status,
  message,
  fix,
});

/** Something thrown, as a finding. */
export function failed(what: string, thrown: unknown): Finding {
  if (!isVpError(thrown)) return { what, status: 'error', message: describeThrown(thrown) };
  const { code, message, hint } = thrown;
  return { what, status: 'error', message, code, ...(hint === undefined ? {} : { fix: hint }) };
}
