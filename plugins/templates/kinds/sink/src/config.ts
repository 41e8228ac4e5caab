/** A connection of vp.toml: `[connections.<name>]` with `use = "{{id}}"`. The manifest has its schema. */
export interface {{class}}Config {
  /** Folder of all tables, relative to the project. */
  readonly folder: string;
}

/** The options of one use: `sink('{{id}}', { connection: 'lake', table: 'orders' })`. */
export interface {{class}}Options {
  readonly table: string;
}
