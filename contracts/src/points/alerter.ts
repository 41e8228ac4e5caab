import type { JsonObject } from '../core/json.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { CallContext, CheckReport } from './call.ts';

/** How urgent an alert is. */
export type AlertSeverity = 'info' | 'warn' | 'error' | 'critical';

/** Something that people should know. Alerts of the same `key` are one problem over time. */
export interface Alert {
  /** Identity of the problem: `check:<step>:not_null(id)`, `step:<step>`, `run:<project>`; a step is `orders` or one partition, `flights@month=2001-03`. */
  readonly key: string;
  readonly state: 'firing' | 'resolved';
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** When the problem was first seen. */
  readonly since: number;
  /** How often it was seen since it was last sent. */
  readonly count: number;
  readonly project: string;
  readonly environment?: string;
  readonly asset?: string;
  readonly runId?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly details?: JsonObject;
}

/**
 * Tells people. The host routes, removes repeats and sends `resolved` on recovery; an alerter
 * formats and delivers. It retries by itself what is transient, and rejects when it gives up: the
 * host logs that and goes on, a run never fails because of an alerter.
 */
export interface Alerter {
  check?(context: CallContext): Promise<CheckReport>;
  send(alerts: readonly Alert[], context: CallContext): Promise<void>;
}

/** Extension point `alerter@1`. */
export const alerterPoint = createExtensionPoint<Alerter>({ id: 'alerter', major: 1 });
