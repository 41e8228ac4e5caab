import type { CallContext, QueryResult } from '@vp/contracts';
import { errors } from '../../errors.ts';
import { WireFault } from '../../wire/fault.ts';
import type { Crossing } from '../../wire/value.ts';
import type { GuestProcess } from '../guest-process.ts';
import type { RemoteInstance, Supervisor } from '../supervisor.ts';

/** Milliseconds that a call may take to give up after its signal has aborted. */
const graceMs = 1_000;
/** And those that end something: what they were doing may be half done. */
const endMs = 10_000;

/** A call that is under way in one process. */
export interface Invocation {
  readonly method: string;
  readonly args?: { readonly [key: string]: unknown };
  readonly context?: CallContext | undefined;
  readonly query?: ((sql: string) => Promise<QueryResult>) | undefined;
  readonly print?: ((line: string) => void) | undefined;
  /** Milliseconds that it may go on after an abort. */
  readonly graceMs?: number;
}

/** What a call gave: in which process, and how to end its context when it goes on. */
export interface Answer {
  readonly guest: GuestProcess;
  readonly value: Crossing;
  readonly release: () => void;
}

/** A contribution's instance, in whichever process it is at the moment. */
export class Instance {
  readonly supervisor: Supervisor;
  readonly #contract: string;
  readonly #id: string;
  readonly #config: unknown;
  #remote: Promise<RemoteInstance> | undefined;

  constructor(
    supervisor: Supervisor,
    init: { readonly contract: string; readonly id: string; readonly config: unknown },
  ) {
    this.supervisor = supervisor;
    this.#contract = init.contract;
    this.#id = init.id;
    this.#config = init.config;
  }

  /** The instance in the process; made again when the process it was in has ended. */
  async remote(): Promise<RemoteInstance> {
    const known = await this.#remote?.catch(() => undefined);
    if (known !== undefined && !known.guest.isOver) return known;
    this.#remote = this.supervisor.create(this.#contract, this.#id, this.#config);
    return await this.#remote;
  }

  /** Calls a method of the instance; gives its value when the call and all that it made is over. */
  async call(invocation: Invocation): Promise<Crossing> {
    const { value, release } = await this.begin(invocation);
    release();
    return value;
  }

  /** Calls a method whose context lives on in what it gives. */
  async begin(invocation: Invocation): Promise<Answer> {
    const { guest, object } = await this.remote();
    return await invoke(this.supervisor, { guest, object }, invocation);
  }

  /** A result that is not what the contract says is the plugin's fault, and not the protocol's. */
  async garbage<T>(what: string, read: () => T | Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      const plugin = this.supervisor.label;
      throw errors.VP_ISOLATION_GARBAGE({ plugin, what, reason: error.message }, { plugin });
    }
  }

  async dispose(): Promise<void> {
    const remote = await this.#remote?.catch(() => undefined);
    if (remote === undefined || remote.guest.isOver) return;
    await within(endMs, this.supervisor.call(remote.guest, 'dispose', { object: remote.object }));
  }
}

/** Calls a method of an object in a process. */
export async function invoke(
  supervisor: Supervisor,
  { guest, object }: { readonly guest: GuestProcess; readonly object: number },
  { method, args = {}, context, query, print, graceMs: grace = graceMs }: Invocation,
): Promise<Answer> {
  if (context === undefined) {
    const value = await supervisor.call(guest, 'invoke', { object, method, args });
    return { guest, value, release() {} };
  }
  const { info, release } = supervisor.scopes.open({ context, query, print }, guest.link);
  const answer = supervisor.call(guest, 'invoke', { object, method, args: { ...args, context: info } });
  try {
    const value = await abortable(answer, { signal: context.signal, graceMs: grace });
    return { guest, value, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Calls a method of something that a call gave, whose end is not to be waited for without end. */
export async function finish(
  supervisor: Supervisor,
  target: { readonly guest: GuestProcess; readonly object: number },
  method: string,
): Promise<Crossing> {
  if (target.guest.isOver) return undefined;
  return await within(
    endMs,
    invoke(supervisor, target, { method }).then(({ value }) => value),
  );
}

/** Rejects with the signal's reason when it has aborted: at once with an error, in time without an answer. */
async function abortable<T>(
  work: Promise<T>,
  { signal, graceMs: grace }: { readonly signal: AbortSignal; readonly graceMs: number },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const late = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), grace);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
