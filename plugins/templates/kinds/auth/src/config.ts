/** `[auth.{{id}}]` of vp.toml. The manifest has its schema. */
export interface {{class}}Config {
  /** Where the files are mounted; relative to the project when it is no absolute path. */
  readonly folder?: string;
}
