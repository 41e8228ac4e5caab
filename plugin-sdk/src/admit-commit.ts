import type { CommitMeta, WriteRequest } from '@vp/contracts';
import { errors } from './errors.ts';

/** What a sink knows when it is about to commit. */
export interface CommitFacts {
  readonly request: Pick<WriteRequest, 'basedOn'>;
  readonly meta: Pick<CommitMeta, 'token'>;
  /** Token of the destination's last commit, read in the act that commits; `undefined`: there is none. */
  readonly found: string | undefined;
  /** Token of the last commit of this writer, for those that commit more than once. */
  readonly own?: string | undefined;
  readonly location: string;
}

/**
 * Whether a writer may commit (`commit`) or has done so already (`done`). Call it where nobody can
 * come between it and the commit: in the transaction, with the destination's row of meta locked.
 * A sink that does has the capability `fencing`.
 *
 * The error is of class `user`, which is not retried: another attempt would look at the destination
 * again, follow what is there now, and put old data over new.
 *
 * @throws VpError `VP_COMMIT_SUPERSEDED`
 *
 * @example
 * ```ts
 * import { admitCommit } from '@vp/plugin-sdk';
 * const facts = { request: { basedOn: 'run-1/a' }, meta: { token: 'run-2/a' }, location: 'public.a' };
 * admitCommit({ ...facts, found: 'run-1/a' }); // 'commit'
 * admitCommit({ ...facts, found: 'run-2/a' }); // 'done'
 * ```
 */
export function admitCommit({ request, meta, found, own, location }: CommitFacts): 'commit' | 'done' {
  if (found === meta.token) return 'done';
  const follows = own ?? request.basedOn;
  if (follows === undefined || follows === (found ?? null)) return 'commit';
  throw errors.VP_COMMIT_SUPERSEDED({
    location,
    basedOn: follows ?? 'no commit',
    found: found ?? 'somebody who left no commit',
  });
}
