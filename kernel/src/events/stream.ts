import { type Clock, describeThrown, type EventInput, type EventStream, type VpEvent } from '@vp/contracts';
import type { Redactor } from '../secrets/index.ts';
import { errors } from './errors.ts';
import { pick, withNames } from './names.ts';

export interface EventStreamInit {
  readonly redactor: Redactor;
  readonly clock: Pick<Clock, 'now'>;
}

interface Listener {
  readonly call: (event: VpEvent) => void;
  failures: number;
}

/** Names by which events are told apart and filed: a password `orders` must not unname the asset. */
const structural = ['type', 'seq', 'at', 'level', 'runId', 'stepId', 'asset'];

export function createEventStream(init: EventStreamInit): EventStream {
  const listeners = new Set<Listener>();
  const queue: VpEvent[] = [];
  let seq = 0;
  let isDelivering = false;

  const enqueue = (input: EventInput) => {
    seq += 1;
    queue.push(clean({ ...input, seq, at: init.clock.now() }, init.redactor));
  };

  /** One event after the other, so that all listeners see the same order even when one publishes. */
  const deliver = () => {
    if (isDelivering) return;
    isDelivering = true;
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      for (const listener of [...listeners]) {
        try {
          listener.call(event);
        } catch (error) {
          report(listener, event, error);
        }
      }
    }
    isDelivering = false;
  };

  /** At the 1st, 10th, 100th … failure: a listener that always throws must not feed itself. */
  const report = (listener: Listener, event: VpEvent, thrown: unknown) => {
    listener.failures += 1;
    if (!Number.isInteger(Math.log10(listener.failures))) return;
    const params = { type: event.type, times: listener.failures, problem: describeThrown(thrown) };
    const error = errors.VP_EVENT_LISTENER_FAILED(params);
    enqueue({ type: 'log', level: 'error', message: error.message, fields: { code: error.code } });
  };

  return {
    publish(event) {
      enqueue(event);
      deliver();
    },
    subscribe(call) {
      const listener = { call, failures: 0 };
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

function clean(event: VpEvent, redactor: Redactor): VpEvent {
  return withNames({ ...redactor.sameShape(event), ...pick(event, structural) }, event);
}
