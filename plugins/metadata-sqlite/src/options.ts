/** `[store.sqlite]` of vp.toml. */
export interface SqliteStoreConfig {
  /** The database file, relative to the project; `.vp/metadata.db` when left out. */
  readonly path?: string;
}
