import type { RunRecord, Store } from '@vp/contracts';
import { errors } from './errors.ts';

/** A run by its id, the beginning of it, or `latest`. */
export async function findRun(store: Store, id: string): Promise<RunRecord> {
  if (id === 'latest') {
    const [newest] = await store.runs({ limit: 1 });
    if (newest === undefined) throw errors.VP_CLI_RUN_UNKNOWN({ run: id });
    return newest;
  }
  const [exact] = await store.runs({ id });
  if (exact !== undefined) return exact;
  const matches = (await store.runs({ limit: 10_000 })).filter((run) => run.id.startsWith(id));
  const [only, ...others] = matches;
  if (only === undefined) throw errors.VP_CLI_RUN_UNKNOWN({ run: id });
  if (others.length > 0) {
    throw errors.VP_CLI_RUN_AMBIGUOUS({ run: id, matches: matches.slice(0, 5).map((run) => run.id) });
  }
  return only;
}
