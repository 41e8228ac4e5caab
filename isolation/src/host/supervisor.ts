import { type IsolateRequest, isVpError, type VpError } from '@vp/contracts';
import { errors } from '../errors.ts';
import { CannotCross } from '../wire/fault.ts';
import { objectOf } from '../wire/payload.ts';
import type { Crossing } from '../wire/value.ts';
import { entryUrl } from './entry.ts';
import { GuestProcess } from './guest-process.ts';
import { HostCalls, type LentServices } from './host-calls.ts';
import { Network } from './network.ts';
import { type FilePattern, filePatterns } from './patterns.ts';
import { HostScopes } from './scopes.ts';
import { syncFile } from './sync-file.ts';

/** Ends within a minute after which the process is not started again. */
const mostEnds = 5;
const minute = 60_000;
/** Milliseconds that a plugin has for stopping by itself. */
const stopMs = 5_000;

/** An instance in the plugin's process. */
export interface RemoteInstance {
  readonly guest: GuestProcess;
  readonly object: number;
  readonly methods: ReadonlySet<string>;
  /** Of a validator. */
  readonly rules: Crossing;
}

/** Keeps a plugin's process: starts it when it is needed, again when it ended, and not too often. */
export class Supervisor {
  readonly request: IsolateRequest;
  /** `name@version`. */
  readonly label: string;
  readonly scopes = new HostScopes();
  readonly patterns: readonly FilePattern[];
  readonly #calls: HostCalls;
  readonly #secrets = new Set<string>();
  readonly #ends: number[] = [];
  #services: LentServices = {};
  #guest: Promise<GuestProcess> | undefined;
  #current: GuestProcess | undefined;
  #lastObject = 0;
  #busy = 0;
  #isStopped = false;

  constructor(request: IsolateRequest) {
    this.request = request;
    this.label = `${request.plugin}@${request.package.version}`;
    this.patterns = filePatterns(request.permissions.fs ?? [], request.paths);
    const network = new Network({
      plugin: this.label,
      grants: request.permissions.network ?? [],
      denied: (attempt) => this.denied(attempt),
    });
    this.#calls = new HostCalls({
      plugin: request.plugin,
      services: () => this.#services,
      scopes: this.scopes,
      network,
      link: () => this.link,
      sync: (path) => syncFile(path, { supervisor: this, temporary: this.#current?.temporary }),
      learn: (secret) => this.learn(secret),
      clean: (text) => this.clean(text),
      denied: (attempt) => this.denied(attempt),
    });
  }

  /** Of the process of this moment. */
  get link(): GuestProcess['link'] {
    if (this.#current === undefined) throw errors.VP_ISOLATION_STOPPED({ plugin: this.label });
    return this.#current.link;
  }

  lend(services: LentServices): void {
    this.#services = { ...services, ...this.#services };
  }

  /** A secret that the plugin was given. */
  learn(secret: string): void {
    if (secret.length > 3) this.#secrets.add(secret);
  }

  clean(text: string): string {
    let cleaned = text;
    for (const secret of this.#secrets) cleaned = cleaned.replaceAll(secret, '[secret]');
    return cleaned;
  }

  /** The process, up and with the plugin activated. */
  async guest(): Promise<GuestProcess> {
    if (this.#isStopped) throw errors.VP_ISOLATION_STOPPED({ plugin: this.label });
    const known = await this.#guest?.catch(() => undefined);
    if (known !== undefined && !known.isOver) return known;
    // Somebody else may have started it meanwhile.
    if (this.#current === undefined || this.#current.isOver) {
      this.#current = undefined;
      this.#guest = this.#start();
    }
    if (this.#guest === undefined) return await this.guest();
    return await this.#guest;
  }

  nextObject(): number {
    this.#lastObject += 1;
    return this.#lastObject;
  }

  /** Calls a method of the process. */
  async call(guest: GuestProcess, method: string, args: unknown): Promise<Crossing> {
    return await this.waitFor(guest, () => guest.link.call(method, args));
  }

  /**
   * Keeps this process alive while somebody waits for the plugin's, also for how it ended. What goes
   * wrong with the plugin's process is told as that.
   */
  async waitFor<T>(guest: GuestProcess, work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    if (this.#busy === 1) guest.ref();
    try {
      return await work();
    } catch (error) {
      throw await this.#explain(guest, error);
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0) guest.unref();
    }
  }

  /** What to throw for an error of a call or a stream: when the process ended, why it did. */

  async #explain(guest: GuestProcess, error: unknown): Promise<unknown> {
    if (guest.isOver) return await guest.ended;
    if (error instanceof CannotCross) {
      const { label } = this;
      return errors.VP_ISOLATION_CANNOT_CROSS(
        { plugin: label, what: 'A method', reason: error.message },
        { plugin: label, cause: error },
      );
    }
    return error;
  }

  async create(contract: string, id: string, config: unknown): Promise<RemoteInstance> {
    const guest = await this.guest();
    const object = this.nextObject();
    const made = objectOf(
      await this.call(guest, 'create', { object, contract, id, config }),
      `${contract} ${id}`,
    );
    const methods = new Set(Array.isArray(made.methods) ? made.methods.map(String) : []);
    return { guest, object, methods, rules: made.rules };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const guest = await this.#guest?.catch(() => undefined);
    if (guest === undefined) return;
    guest.ref();
    const late = new Promise((resolve) => setTimeout(resolve, stopMs).unref());
    if (!guest.isOver) await Promise.race([guest.link.call('stop', null).catch(() => undefined), late]);
    guest.kill(errors.VP_ISOLATION_STOPPED({ plugin: this.label }));
    await guest.ended;
    this.scopes.clear();
  }

  async #start(): Promise<GuestProcess> {
    const { request, label } = this;
    this.#countEnds();
    const guest = new GuestProcess({
      request: { ...request, denied: (attempt) => this.denied(attempt) },
      patterns: this.patterns,
      label,
      clean: (text) => this.clean(text),
      onCall: (method, args) => this.#calls.call(method, args),
      onNote: (note) => this.#calls.note(note),
      onLine: (line, stream) => this.#calls.line(line, stream),
      onNarrowed: (narrowed) => {
        for (const each of narrowed) this.#calls.line(`In its own process, the grant ${each}.`, 'host');
      },
    });
    this.#current = guest;
    void guest.ended.then(() => this.#ends.push(Date.now()));
    const { startMs } = request.limits;
    const timer = setTimeout(() => {
      guest.kill(errors.VP_ISOLATION_START_TIMEOUT({ plugin: label, ms: startMs }, { plugin: label }));
    }, startMs);
    try {
      await this.call(guest, 'start', {
        entry: entryUrl(request),
        project: request.paths.project,
        state: request.paths.state,
        native: request.permissions.native === true,
      });
      return guest;
    } catch (error) {
      const verdict = this.#startFault(error);
      guest.kill(verdict);
      await guest.ended;
      throw verdict;
    } finally {
      clearTimeout(timer);
    }
  }

  #startFault(error: unknown): VpError {
    if (isVpError(error)) return error;
    const plugin = this.label;
    const reason = error instanceof Error ? error.message : String(error);
    return errors.VP_ISOLATION_START_FAILED({ plugin, reason }, { plugin, phase: 'load', cause: error });
  }

  #countEnds(): void {
    const since = Date.now() - minute;
    while ((this.#ends[0] ?? since) < since) this.#ends.shift();
    if (this.#ends.length < mostEnds) return;
    const { label } = this;
    throw errors.VP_ISOLATION_RESTARTS({ plugin: label, count: this.#ends.length }, { plugin: label });
  }

  readonly #told = new Set<string>();

  /** Tells each attempt once, and not more of them than anybody reads. */
  denied(attempt: { readonly permission: string; readonly wanted: string }): void {
    const key = `${attempt.permission} ${attempt.wanted}`;
    if (this.#told.has(key) || this.#told.size >= 1_000) return;
    this.#told.add(key);
    try {
      this.request.denied(attempt);
    } catch (error) {
      // Whoever writes it down could not; what was refused stays refused.
      this.#calls.logger()?.error(`Refused ${key}, and could not record it.`, { reason: String(error) });
    }
  }
}
