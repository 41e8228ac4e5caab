/** `[executor.{{id}}]` of vp.toml. The manifest has its schema. */
export interface {{class}}Config {
  /** Steps at the same time. */
  readonly concurrency?: number;
  /** Milliseconds before the first further attempt; doubled each time. */
  readonly retry_delay_ms?: number;
}
