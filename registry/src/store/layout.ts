import { join } from 'node:path';

/** Where things are in the data folder. Backup takes all but `cache`, `logs` and `running`. */
export interface Layout {
  readonly root: string;
  /** What was published here, as Verdaccio's local storage has it: a folder a package. */
  readonly packages: string;
  /** What came from the upstream. May be deleted at any time. */
  readonly cache: string;
  readonly logs: string;
  /** Signing keys, private parts included. */
  readonly keys: string;
  /** What tokens are signed with. */
  readonly secret: string;
  readonly users: string;
  readonly killList: string;
  /** Of the process that serves the folder. */
  readonly running: string;
}

export function layoutOf(root: string): Layout {
  return {
    root,
    packages: join(root, 'packages'),
    cache: join(root, 'cache'),
    logs: join(root, 'logs'),
    keys: join(root, 'private', 'keys.json'),
    secret: join(root, 'private', 'token-secret'),
    users: join(root, 'private', 'users.json'),
    killList: join(root, 'kill-list.json'),
    running: join(root, 'running'),
  };
}
