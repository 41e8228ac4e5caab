import {
  conversion,
  formatType,
  harmlessLosses,
  type PublishSpec,
  type SinkTable,
  type TableSchema,
} from '@vp/contracts';
import { errors } from './errors.ts';

/** A table that stays must be able to hold the values as they are, or the user must have said otherwise. */
export function refuseLoss(spec: PublishSpec, table: SinkTable, schema: TableSchema): void {
  if (spec.mode === 'replace' || table.schema === undefined) return;
  const there = new Map(table.schema.fields.map((field) => [field.name, field]));
  const allowed = new Set([...harmlessLosses, ...(spec.allowLoss ?? [])]);
  const losses: string[] = [];
  const names = new Set<string>();
  for (const field of schema.fields) {
    const to = there.get(field.name);
    if (to === undefined) continue;
    const found = conversion(field.type, to.type);
    if (found.outcome === 'exact' || found.outcome === 'checked') continue;
    if (found.outcome === 'lossy') {
      const refused = found.losses.filter((loss) => !allowed.has(loss));
      if (refused.length === 0) continue;
      for (const loss of refused) names.add(loss);
    }
    losses.push(`${field.name}: ${formatType(field.type)} -> ${formatType(to.type)}: ${found.reason}`);
  }
  if (losses.length === 0) return;
  const facts = { publish: spec.name, location: table.location, losses, names: [...names] };
  throw errors.VP_PUBLISH_LOSSY(facts, { at: spec.origin });
}
