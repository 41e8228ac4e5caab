import type { Json, JsonObject } from '../core/json.ts';
import type { Secret, SecretRef } from '../core/secret.ts';
import type { VpEvent } from '../run/event.ts';
import { createServiceRef } from './service-ref.ts';

/** Severity of a log line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured log. Lines carry the plugin's name and pass redaction before they leave the process. */
export interface Logger {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
  /** The same log, with `fields` on every line. */
  with(fields: JsonObject): Logger;
}

/** The time. A service, so that tests can steer it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only ever grow, for durations. */
  monotonic(): number;
  /** Resolves after `ms`, rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where the project's files are. Absolute paths. */
export interface Paths {
  readonly project: string;
  /** `<project>/.vp`: snapshots, metadata, caches. Git-ignored. */
  readonly state: string;
  /** Resolves a path of the user's, relative to the project. */
  resolve(path: string): string;
}

/** The events of this process: what was published, in order. */
export interface EventStream {
  /** Publishes; `seq` and `at` are set by the stream. */
  publish(event: EventInput): void;
  /** Calls `listener` for each event from now on; returns how to stop. A listener that throws is logged and kept. */
  subscribe(listener: (event: VpEvent) => void): () => void;
}

/** An event before the stream has numbered and dated it. */
export type EventInput = VpEvent extends infer E
  ? E extends VpEvent
    ? Omit<E, 'seq' | 'at'>
    : never
  : never;

/** Secrets by reference. A plugin gets those that its manifest asks for and the deployment grants. */
export interface Secrets {
  /** @throws VpError `VP_PERMISSION_DENIED`, `VP_SECRET_NOT_FOUND` */
  get(ref: SecretRef): Promise<Secret>;
}

/** Small durable values of a plugin, kept in the deployment's store, one namespace a plugin. */
export interface PluginState {
  get(key: string): Promise<Json | undefined>;
  set(key: string, value: Json): Promise<void>;
}

/** The services that the kernel itself provides. */
export const services = {
  logger: createServiceRef<Logger>({ id: 'vp.logger', major: 1, scope: 'plugin' }),
  clock: createServiceRef<Clock>({ id: 'vp.clock', major: 1, scope: 'root' }),
  paths: createServiceRef<Paths>({ id: 'vp.paths', major: 1, scope: 'root' }),
  events: createServiceRef<EventStream>({ id: 'vp.events', major: 1, scope: 'root' }),
  secrets: createServiceRef<Secrets>({ id: 'vp.secrets', major: 1, scope: 'plugin' }),
  state: createServiceRef<PluginState>({ id: 'vp.state', major: 1, scope: 'plugin' }),
} as const;
