import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeThrown, formatPartition, hasBrand, type Snapshot } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';

/** A snapshot as its record on disk says it: all but where it lies, which the record's own place tells. */
export interface SnapshotRecord {
  readonly $$type: '@vp/duckdb-snapshot';
  readonly version: 'v1';
  readonly snapshot: Omit<Snapshot, 'location'>;
  /** File names in the snapshot's folder. */
  readonly files: readonly string[];
}

/** A snapshot that is there, with its folder. */
export interface StoredSnapshot {
  readonly record: SnapshotRecord;
  /** Absolute. */
  readonly folder: string;
}

export function formatRecord(record: SnapshotRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** Reads a record; `undefined` when the file does not exist. @throws VpError naming the file */
export function readRecord(file: string, expected?: { readonly asset: string }): SnapshotRecord | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw errors.VP_DUCKDB_POINTER_CORRUPT(
      { file, reason: describeThrown(error) },
      { cause: error, at: { file } },
    );
  }
  const record = parse(file, text);
  if (expected !== undefined && record.snapshot.asset !== expected.asset) {
    throw corrupt(file, `it belongs to the asset "${record.snapshot.asset}"`);
  }
  return record;
}

function parse(file: string, text: string): SnapshotRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(file, text === '' ? 'it is empty' : describeThrown(error), error);
  }
  if (!isRecord(value)) throw corrupt(file, 'it is no snapshot record of this version');
  return value;
}

function isRecord(value: unknown): value is SnapshotRecord {
  if (!hasBrand(value, '@vp/duckdb-snapshot', 'v1')) return false;
  if (!('snapshot' in value) || !('files' in value) || !Array.isArray(value.files)) return false;
  const { snapshot } = value;
  if (typeof snapshot !== 'object' || snapshot === null) return false;
  return ['id', 'asset', 'schema', 'rows', 'commit'].every((key) => key in snapshot);
}

function corrupt(file: string, reason: string, cause?: unknown) {
  return errors.VP_DUCKDB_POINTER_CORRUPT({ file, reason }, { cause, at: { file } });
}

export function toSnapshot(stored: StoredSnapshot): Snapshot {
  return { ...stored.record.snapshot, location: stored.folder };
}

/** The partition text of a snapshot; `undefined` for an asset without partitions. */
export function partitionText(target: {
  readonly partition?: Readonly<Record<string, string>>;
}): string | undefined {
  return target.partition === undefined ? undefined : formatPartition(target.partition);
}

export function filesOf(stored: StoredSnapshot): readonly string[] {
  return stored.record.files.map((file) => join(stored.folder, file));
}

export function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}
