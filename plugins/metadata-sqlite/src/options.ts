/** `[store.sqlite]` of vp.toml. */
export interface SqliteStoreConfig {
  /** The database file, relative to the project; `.vp/metadata.db` when left out. */
  readonly path?: string;
  /** Days that finished runs are kept, with their events and history; for ever when left out. */
  readonly keep_runs_days?: number;
}
