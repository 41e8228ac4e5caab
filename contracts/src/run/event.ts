import type { CheckResult } from '../assets/check-spec.ts';
import type { Snapshot } from '../assets/snapshot.ts';
import type { VpErrorJson } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { LogLevel } from '../plugin/standard-services.ts';
import type { Alert } from '../points/alerter.ts';
import type { SchemaChange } from '../types/schema-change.ts';
import type { Plan } from './plan.ts';
import type { RunRecord, StepResult } from './result.ts';

interface EventBase {
  /** Grows by one for each event of a process. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly runId?: string;
  readonly stepId?: string;
}

/**
 * Everything that happens, as plain JSON: what the progress view shows, the store keeps, alerts
 * are made from and lineage is read from. New types may come; readers pass over what they do not know.
 */
export type VpEvent =
  | (EventBase & { readonly type: 'run.started'; readonly run: RunRecord; readonly plan: Plan })
  | (EventBase & { readonly type: 'run.finished'; readonly run: RunRecord })
  | (EventBase & { readonly type: 'step.started'; readonly asset: string; readonly attempt: number })
  | (EventBase & {
      readonly type: 'step.progress';
      readonly rows?: number;
      readonly bytes?: number;
      /** 0 to 1, when known. */
      readonly fraction?: number;
      /** What is being done: `reading`, `checking`, `writing`. */
      readonly activity?: string;
    })
  | (EventBase & {
      readonly type: 'step.retrying';
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: VpErrorJson;
    })
  | (EventBase & { readonly type: 'step.finished'; readonly result: StepResult })
  | (EventBase & { readonly type: 'check.finished'; readonly asset: string; readonly result: CheckResult })
  | (EventBase & { readonly type: 'snapshot.committed'; readonly snapshot: Snapshot })
  | (EventBase & {
      readonly type: 'schema.changed';
      readonly asset: string;
      /** For people: `added note utf8`. */
      readonly changes: readonly string[];
      /** The same, with before and after. */
      readonly details?: readonly SchemaChange[];
    })
  | (EventBase & { readonly type: 'alert.sent'; readonly alert: Alert; readonly alerter: string })
  | (EventBase & {
      readonly type: 'alert.failed';
      readonly alert: Alert;
      readonly alerter: string;
      readonly error: VpErrorJson;
    })
  | (EventBase & {
      readonly type: 'permission.denied';
      readonly plugin: string;
      readonly permission: string;
      readonly wanted: string;
    })
  | (EventBase & { readonly type: 'plugin.failed'; readonly plugin: string; readonly error: VpErrorJson })
  | (EventBase & {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly plugin?: string;
      readonly message: string;
      readonly fields?: JsonObject;
    });

/** Every `type` of {@link VpEvent}. */
export type EventType = VpEvent['type'];
