import type { Json, Logger, LogLevel, PluginState, SecretRef, Secrets } from '@vp/contracts';
import { type EventInput, type EventStream, isSecretRef } from '@vp/contracts';
import { errors } from '../errors.ts';
import { WireFault } from '../wire/fault.ts';
import type { Link } from '../wire/link.ts';
import { arrayOf, objectOf } from '../wire/payload.ts';
import type { Crossing } from '../wire/value.ts';
import type { Network } from './network.ts';
import { type HostScopes, progressOf } from './scopes.ts';

/** The services that cross, as far as the plugin's manifest asks for them. */
export interface LentServices {
  readonly logger?: Logger | undefined;
  readonly secrets?: Secrets | undefined;
  readonly state?: PluginState | undefined;
  readonly events?: EventStream | undefined;
}

/** What a plugin's process may ask of its host: this list, and nothing that it names itself. */
export interface HostCallsInit {
  readonly plugin: string;
  readonly services: () => LentServices;
  readonly scopes: HostScopes;
  readonly network: Network;
  readonly link: () => Link;
  /** Makes what was written to a file stay, if the plugin may touch it. */
  sync(path: string): Promise<void>;
  /** Remembers a secret that the plugin was given, to take it out of texts. */
  learn(secret: string): void;
  clean(text: string): string;
  denied(attempt: { readonly permission: string; readonly wanted: string }): void;
}

const levels = new Set<unknown>(['debug', 'info', 'warn', 'error'] satisfies LogLevel[]);
const notesPerSecond = 2_000;
/** Lines that wait for a log. */
const mostKept = 100;

export class HostCalls {
  readonly #init: HostCallsInit;
  readonly #kept: { readonly text: string; readonly stream: string }[] = [];
  #second = 0;
  #notes = 0;

  constructor(init: HostCallsInit) {
    this.#init = init;
  }

  async call(method: string, args: Crossing): Promise<unknown> {
    const { services, network, plugin } = this.#init;
    switch (method) {
      case 'secret':
        return await this.#secret(args);
      case 'state.get':
        return await this.#needed(services().state, 'state', 'vp.state@1').get(textOf(args));
      case 'state.set': {
        const [key, value] = arrayOf(args, 'the arguments of set');
        await this.#needed(services().state, 'state', 'vp.state@1').set(textOf(key), jsonOf(value));
        return undefined;
      }
      case 'net.lookup':
        return await network.lookup(args);
      case 'net.connect':
        return await network.connect(args, this.#init.link());
      case 'fs.sync':
        await this.#init.sync(textOf(args));
        return undefined;
      case 'query':
        return await this.#query(args);
      default:
        throw new WireFault(`a call of ${JSON.stringify(method.slice(0, 60))} of plugin ${plugin}`);
    }
  }

  note(data: Crossing): void {
    const note = objectOf(data, 'a note');
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) {
      if (this.#notes > notesPerSecond) {
        this.logger()?.warn(`${this.#notes - notesPerSecond} messages left out: too many at once`);
      }
      this.#second = second;
      this.#notes = 0;
    }
    this.#notes += 1;
    if (this.#notes > notesPerSecond) return;
    switch (note.type) {
      case 'log':
        this.#log(note);
        return;
      case 'progress':
        this.#init.scopes
          .find(note.scope)
          ?.context.progress(progressOf(objectOf(note.progress, 'a progress')));
        return;
      case 'print':
        this.#init.scopes.find(note.scope)?.print?.(this.#init.clean(textOf(note.line)));
        return;
      case 'denied':
        this.#init.denied({
          permission: textOf(note.permission).slice(0, 100),
          wanted: textOf(note.wanted).slice(0, 1_000),
        });
        return;
      case 'event':
        this.#event(objectOf(note.event, 'an event'));
        return;
      default:
        throw new WireFault('a note of an unknown kind');
    }
  }

  /** A line that the process printed. Kept for the next log there is, when there is none yet. */
  line(text: string, stream: string): void {
    const logger = this.logger();
    if (logger === undefined) {
      if (this.#kept.length < mostKept) this.#kept.push({ text, stream });
      return;
    }
    for (const kept of this.#kept.splice(0)) logger.info(kept.text, { stream: kept.stream });
    logger.info(text, { stream });
  }

  /** The plugin's own log; of the call that began last when it has none. */
  logger(): Logger | undefined {
    return this.#init.services().logger ?? this.#init.scopes.latestLogger();
  }

  #log({ scope, level, message, fields }: { readonly [key: string]: Crossing }): void {
    if (!levels.has(level)) throw new WireFault('a log line of an unknown level');
    const logger = this.#init.scopes.find(scope)?.context.logger ?? this.logger();
    const text = this.#init.clean(textOf(message).slice(0, 16_384));
    const all = objectOf(fields, 'the fields of a log line');
    logger?.[level as LogLevel](text, ...(Object.keys(all).length === 0 ? [] : [jsonFields(all)]));
  }

  /** A plugin speaks for itself: of the kernel's events it may publish log lines, under its own name. */
  #event(event: { readonly [key: string]: Crossing }): void {
    const { plugin, services } = this.#init;
    const type = textOf(event.type);
    const name = event.plugin;
    if (type !== 'log' || (name !== undefined && name !== plugin)) {
      this.#init.denied({
        permission: 'events',
        wanted: `${type}${name === undefined ? '' : ` of ${String(name)}`}`,
      });
      return;
    }
    if (!levels.has(event.level)) throw new WireFault('a log event of an unknown level');
    const line: EventInput = {
      type: 'log',
      level: event.level as LogLevel,
      plugin,
      message: this.#init.clean(textOf(event.message).slice(0, 16_384)),
    };
    services().events?.publish(line);
  }

  async #secret(args: Crossing): Promise<unknown> {
    const ref: unknown = args;
    if (!isSecretRef(ref)) throw new WireFault('a secret that is no reference');
    const secrets = this.#needed(this.#init.services().secrets, 'secrets', ref);
    const secret = await secrets.get(ref satisfies SecretRef);
    this.#init.learn(secret.reveal());
    return secret;
  }

  async #query(args: Crossing): Promise<unknown> {
    const { context, sql } = objectOf(args, 'a query');
    const scope = this.#init.scopes.find(objectOf(context, 'a context').scope);
    if (scope?.query === undefined) throw new WireFault('a query outside a validation');
    const { schema, batches } = await scope.query(textOf(sql));
    return { schema, stream: this.#init.link().produce({ kind: 'batches', schema, items: batches }) };
  }

  #needed<T>(service: T | undefined, permission: string, wanted: string): T {
    if (service !== undefined) return service;
    const { plugin } = this.#init;
    this.#init.denied({ permission, wanted });
    const why = 'its manifest does not require the service';
    throw errors.VP_ISOLATION_DENIED({ plugin, permission, wanted, why }, { plugin });
  }
}

function textOf(value: Crossing): string {
  if (typeof value !== 'string') throw new WireFault('something else where a text must be');
  return value;
}

/** A value that is JSON, all through. @throws WireFault */
export function jsonOf(value: Crossing): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  // As JSON.stringify has it.
  if (Array.isArray(value)) return value.map((each: Crossing) => (each === undefined ? null : jsonOf(each)));
  if (typeof value === 'object' && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, jsonOf(each)]));
  }
  throw new WireFault(`a ${typeof value} where JSON must be`);
}

/** Fields of a log line as JSON: what is none is shown as text. */
function jsonFields(fields: { readonly [key: string]: Crossing }): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      try {
        return [key, jsonOf(value)];
      } catch {
        return [key, typeof value === 'object' ? '[object]' : String(value)];
      }
    }),
  );
}
