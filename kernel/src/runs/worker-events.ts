import {
  describeThrown,
  type EventStream,
  type EventType,
  type Logger,
  type Store,
  type VpEvent,
} from '@vp/contracts';

/** Milliseconds between two looks for what workers have stored. */
const pollInterval = 500;

/** What a worker says of its step; how the step ended is said here, once it is settled. */
const types: readonly EventType[] = [
  'step.started',
  'step.progress',
  'check.finished',
  'snapshot.committed',
  'schema.changed',
  'permission.denied',
  'plugin.failed',
  'log',
];

/** Brings the events of workers to the listeners of this process: progress, alerts, lineage. */
export interface WorkerEvents {
  /** From now on, until {@link leave}. */
  follow(stepId: string): void;
  /** Passes on all that is stored by now. Never rejects. */
  catchUp(): Promise<void>;
  leave(stepId: string): void;
  /** Whether the event that is being published comes from the store, and need not go there again. */
  isRelaying(): boolean;
  close(): void;
}

export function createWorkerEvents(init: {
  readonly store: Store;
  readonly runId: string;
  readonly events: EventStream;
  readonly logger: Logger;
}): WorkerEvents {
  const { store, runId, events, logger } = init;
  const followed = new Set<string>();
  let after = -1;
  let isRelaying = false;
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const relay = ({ seq: _, at: __, ...event }: VpEvent): void => {
    isRelaying = true;
    events.publish(event);
    isRelaying = false;
  };
  const look = async (): Promise<void> => {
    try {
      for (const { position, event } of await store.events({ runId, types, after })) {
        after = position;
        if (event.stepId !== undefined && followed.has(event.stepId)) relay(event);
      }
    } catch (error) {
      logger.debug(`Could not look for events of workers: ${describeThrown(error)}`);
    }
  };
  /** One after the other, so that none is told twice. */
  const catchUp = (): Promise<void> => {
    looking = looking.then(look);
    return looking;
  };
  return {
    follow(stepId) {
      followed.add(stepId);
      timer ??= setInterval(catchUp, pollInterval).unref();
    },
    catchUp,
    leave: (stepId) => void followed.delete(stepId),
    isRelaying: () => isRelaying,
    close: () => clearInterval(timer),
  };
}
