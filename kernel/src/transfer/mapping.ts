import {
  type ColumnFit,
  type ColumnMapping,
  conversion,
  harmlessLosses,
  type TableSchema,
} from '@vp/contracts';

/** How each column that is read arrives where the destination says it would be stored so. */
export function mapColumns(source: TableSchema, fits: readonly ColumnFit[]): readonly ColumnMapping[] {
  const byColumn = new Map(fits.map((fit) => [fit.column, fit]));
  return source.fields.flatMap((field): readonly ColumnMapping[] => {
    const fit = byColumn.get(field.name);
    // A column that has no place at the destination is a change of the schema, not a mapping.
    if (fit === undefined) return [];
    const found = conversion(field.type, fit.type);
    return [
      {
        column: field.name,
        from: field.type,
        ...(field.nativeType === undefined ? {} : { fromNative: field.nativeType }),
        name: fit.name,
        to: fit.type,
        ...(fit.native === '' ? {} : { toNative: fit.native }),
        losses: found.outcome === 'lossy' ? found.losses : found.outcome === 'never' ? ['never'] : [],
        ...(found.outcome === 'exact' ? {} : { reason: found.reason }),
        checked: found.outcome === 'checked',
      },
    ];
  });
}

/** Mappings that lose what nobody has allowed. */
export function refusedLosses(
  columns: readonly ColumnMapping[],
  allowed: readonly string[],
): readonly ColumnMapping[] {
  const may = new Set([...harmlessLosses, ...allowed]);
  return columns.filter(({ losses }) => losses.some((loss) => loss === 'never' || !may.has(loss)));
}
