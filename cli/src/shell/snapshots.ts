import { type AssetTarget, didYouMean, type Engine, type Snapshot } from '@vp/contracts';
import { errors } from './errors.ts';

/** A snapshot by its id, the beginning of it, or `prev`: the one before the present one. */
export async function pastSnapshot(
  engine: Engine,
  request: { readonly target: AssetTarget; readonly id: string },
): Promise<Snapshot> {
  const { target, id } = request;
  const { asset } = target;
  const history = await engine.history(target);
  if (id === 'prev') {
    const previous = history[1];
    if (previous === undefined) throw errors.VP_CLI_SNAPSHOT_SINGLE({ asset });
    return previous;
  }
  const found = history.find((each) => each.id === id) ?? history.find((each) => each.id.startsWith(id));
  if (found !== undefined) return found;
  const ids = history.map((each) => each.id);
  throw errors.VP_CLI_SNAPSHOT_UNKNOWN({ asset, snapshot: id, suggestion: didYouMean(id, ids) });
}
