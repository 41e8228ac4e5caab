import {
  conversion,
  type PlannedChange,
  type SchemaAction,
  type SchemaChange,
  type SchemaPolicy,
  type SinkTable,
} from '@vp/contracts';

/**
 * What follows from each difference, by the policy. A type that only looks different (a narrower one
 * at the source, whose every value fits) is no difference.
 */
export function planChanges(
  changes: readonly SchemaChange[],
  policy: SchemaPolicy = {},
): readonly PlannedChange[] {
  return changes
    .filter((change) => change.kind !== 'column.retyped' || !alreadyFits(change))
    .map((change) => ({ change, action: actionOf(change, policy) }));
}

/** Changes that the destination is asked to make. */
export const evolving = (changes: readonly PlannedChange[]): readonly SchemaChange[] =>
  changes.filter(({ action }) => action === 'evolve').map(({ change }) => change);

/** Changes that should be made and that the destination cannot make. */
export function impossible(changes: readonly PlannedChange[], table: SinkTable): readonly SchemaChange[] {
  const able = new Set(table.evolves ?? []);
  return evolving(changes).filter(({ kind }) => !able.has(kind));
}

function alreadyFits({ from, to }: Extract<SchemaChange, { kind: 'column.retyped' }>): boolean {
  // `from` is what the table has, `to` what the data has.
  return conversion(to, from).outcome === 'exact';
}

function actionOf(change: SchemaChange, policy: SchemaPolicy): SchemaAction {
  const name = columnOf(change);
  const own = name === undefined ? undefined : policy.columns?.[name];
  if (own !== undefined) return own;
  return (change.kind === 'column.retyped' ? policy.type : policy.column) ?? 'evolve';
}

function columnOf(change: SchemaChange): string | undefined {
  if (change.kind === 'column.added' || change.kind === 'column.removed') return change.column.name;
  if (change.kind === 'column.renamed') return change.to;
  return change.kind === 'key.changed' ? undefined : change.column;
}
