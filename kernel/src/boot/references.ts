import { points, type VpError, withErrorContext } from '@vp/contracts';
import type { ResolvedConfig } from '../config/index.ts';
import { errors } from './errors.ts';

/** Names in vp.toml that nothing in use has: typos that would otherwise show at their first use, or never. */
export function unknownReferences(
  config: ResolvedConfig,
  idsOf: (point: string) => readonly string[],
): readonly VpError[] {
  const { alerts, bindings, connections } = config.values;
  const faults: VpError[] = [];
  const look = (path: readonly string[], what: string, id: string, known: readonly string[]) => {
    if (known.includes(id)) return;
    const { text, ...at } = config.place(path);
    const error = errors.VP_REFERENCE_UNKNOWN({ what, id, place: text, known: [...new Set(known)] });
    faults.push(withErrorContext(error, { at }, error));
  };
  for (const [point, id] of Object.entries(bindings)) {
    if (id !== undefined) look(['bindings', point], point, id, idsOf(point));
  }
  for (const [index, route] of alerts.entries()) {
    for (const [at, id] of route.to.entries()) {
      look(['alerts', String(index), 'to', String(at)], 'alerter', id, idsOf(points.alerter.id));
    }
  }
  const usable = config.points.flatMap((point) => idsOf(point));
  for (const [name, { use }] of Object.entries(connections)) {
    look(['connections', name, 'use'], 'source or sink', use, usable);
  }
  return faults;
}
