import { totalmem } from 'node:os';
import type { Paths } from '@vp/plugin-sdk';

/** `[engine.duckdb]` of vp.toml. */
export interface DuckdbConfig {
  /** Most memory that DuckDB uses before it spills to disk, e.g. `2GB`; 60% of the machine's (or container's). */
  readonly memory_limit?: string;
  /** Threads; all cores when left out. */
  readonly threads?: number;
  /** Where DuckDB spills; below `.vp/tmp` when left out. */
  readonly temp_directory?: string;
  /** Snapshots kept of each target. */
  readonly keep_snapshots?: number;
  /** A replaced snapshot is kept at least so long, for readers of other processes. */
  readonly snapshot_grace_minutes?: number;
  readonly compression?: 'zstd' | 'snappy' | 'gzip' | 'lz4' | 'uncompressed';
  /** For zstd. */
  readonly compression_level?: number;
  /** Rows of a Parquet row group. */
  readonly row_group_size?: number;
  /** Keep the order of rows where the SQL has no ORDER BY; costs time and memory. */
  readonly preserve_insertion_order?: boolean;
}

/** The configuration with its defaults. */
export interface Settings {
  readonly memoryLimit: string;
  readonly threads: number | undefined;
  readonly tempDirectory: string | undefined;
  readonly keepSnapshots: number;
  readonly graceMs: number;
  readonly compression: string;
  readonly compressionLevel: number;
  readonly rowGroupSize: number;
  readonly preserveOrder: boolean;
}

export function toSettings(config: DuckdbConfig, paths: Pick<Paths, 'resolve'>): Settings {
  return {
    memoryLimit: config.memory_limit ?? defaultMemoryLimit(),
    threads: config.threads,
    tempDirectory: config.temp_directory === undefined ? undefined : paths.resolve(config.temp_directory),
    keepSnapshots: Math.max(1, config.keep_snapshots ?? 10),
    graceMs: (config.snapshot_grace_minutes ?? 15) * 60_000,
    compression: config.compression ?? 'zstd',
    compressionLevel: config.compression_level ?? 1,
    rowGroupSize: config.row_group_size ?? 122_880,
    preserveOrder: config.preserve_insertion_order ?? false,
  };
}

function defaultMemoryLimit(): string {
  // Without a cgroup limit Node reports 0, or a number beyond all memory.
  const constrained = process.constrainedMemory();
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return `${Math.floor((total * 0.6) / 2 ** 20)}MiB`;
}
