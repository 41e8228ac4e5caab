/** `[auth.env]` of vp.toml. */
export interface AuthEnvConfig {
  /** Read besides the environment, which wins; relative to the project. `false`: none. */
  readonly env_file?: string | false;
  /** Folder that `secret://file/…` is relative to and stays in; the project when left out. */
  readonly root?: string;
  /** What to do with a secret file that every user of the machine can read; `refuse` when left out. */
  readonly world_readable?: 'refuse' | 'warn' | 'allow';
}
