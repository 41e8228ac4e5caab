/** `[alerter.console]` of vp.toml. */
export interface ConsoleAlerterConfig {
  /** `stderr` when left out: `stdout` belongs to what the command prints. */
  readonly stream?: 'stderr' | 'stdout';
  /** `json`: one line of JSON an alert, for log collectors. */
  readonly format?: 'text' | 'json';
}
