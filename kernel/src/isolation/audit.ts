import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Clock, describeThrown, type EventInput, type Logger, type Paths } from '@vp/contracts';
import type { Redactor } from '../secrets/index.ts';

/** A plugin that tries for ever fills no disk. */
const most = 1_000;

/** Where refused attempts of isolated plugins are kept, in the `.vp` folder. */
const file = 'audit.jsonl';

/** Something that a plugin tried and was not granted. */
export interface DeniedAttempt {
  readonly plugin: string;
  readonly permission: string;
  readonly wanted: string;
}

/**
 * Records what isolated plugins tried and were not granted: as an event, and as a line of
 * `.vp/audit.jsonl`. The same attempt is told once for each process.
 */
export function createAudit(init: {
  readonly clock: Clock;
  readonly paths: Paths;
  readonly redactor: Redactor;
  readonly logger: Logger;
  readonly publish: (event: EventInput) => void;
}): (attempt: DeniedAttempt) => void {
  const told = new Set<string>();
  return ({ plugin, permission, wanted }) => {
    const attempt = { plugin, permission, wanted: init.redactor.text(wanted).slice(0, 500) };
    const key = JSON.stringify(attempt);
    if (told.has(key) || told.size >= most) return;
    told.add(key);
    init.publish({ type: 'permission.denied', ...attempt });
    const path = join(init.paths.state, file);
    try {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(
        path,
        `${JSON.stringify({ at: new Date(init.clock.now()).toISOString(), ...attempt })}\n`,
      );
    } catch (error) {
      init.logger.warn(`${path} cannot be written: ${describeThrown(error)}`);
    }
  };
}
