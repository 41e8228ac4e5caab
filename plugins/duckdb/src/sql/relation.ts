import type { Field } from '@vp/plugin-sdk';
import { filesOf, type StoredSnapshot } from '../storage/record.ts';
import { toDuckType } from '../types/duck-type.ts';
import { fromStored, isStoredAsIs } from '../types/storage.ts';
import { listOf, quoteName, quoteText } from './quote.ts';

/**
 * The SQL that reads snapshots: what stands after FROM. Partitions with the same columns are one scan;
 * those that were written with other columns are joined by name. No snapshots are no rows of `fields`.
 */
export function relationOf(snapshots: readonly StoredSnapshot[], fields: readonly Field[] = []): string {
  if (snapshots.length === 0) {
    const columns = fields.map((f) => `CAST(NULL AS ${toDuckType(f.type, f.name)}) AS ${quoteName(f.name)}`);
    return `(SELECT ${columns.join(', ')} WHERE false)`;
  }
  const groups = Map.groupBy(snapshots, (s) => JSON.stringify(s.record.snapshot.schema.fields.map(shape)));
  const scans = [...groups.values()].map(scanOf);
  if (scans.length === 1) return scans[0] ?? '';
  return `(${scans.map((scan) => `SELECT * FROM ${scan}`).join(' UNION ALL BY NAME ')})`;
}

function scanOf(snapshots: readonly StoredSnapshot[]): string {
  const files = snapshots.flatMap(filesOf).map(quoteText);
  // The folders look like Hive partitions (`date=2001-03`); the columns are in the files.
  const scan = `read_parquet(${listOf(files)}, hive_partitioning = false)`;
  const fields = snapshots[0]?.record.snapshot.schema.fields ?? [];
  if (fields.every((f) => isStoredAsIs(f.type))) return scan;
  return `(SELECT ${fields.map(readField).join(', ')} FROM ${scan})`;
}

function readField(field: Field): string {
  const name = quoteName(field.name);
  return isStoredAsIs(field.type) ? name : `${fromStored(name, field.type, field.name)} AS ${name}`;
}

function shape(field: Field): unknown {
  return [field.name, field.type];
}
