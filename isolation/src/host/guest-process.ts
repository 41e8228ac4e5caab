import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { type IsolateRequest, isVpError, type VpError } from '@vp/contracts';
import { errors } from '../errors.ts';
import { WireFault } from '../wire/fault.ts';
import { Link } from '../wire/link.ts';
import { describeThrown } from '../wire/thrown.ts';
import type { Crossing } from '../wire/value.ts';
import { guestCommand } from './command.ts';
import { readOutput } from './output.ts';
import type { FilePattern } from './patterns.ts';
import { reviveError } from './revive.ts';
import { makeTemporary, removeTemporary } from './temporary.ts';

/** What a process needs of whoever started it. */
export interface GuestProcessInit {
  readonly request: IsolateRequest;
  readonly patterns: readonly FilePattern[];
  /** `name@version`, for errors. */
  readonly label: string;
  /** Takes secrets out of a text. */
  clean(text: string): string;
  onCall(method: string, args: Crossing): Promise<unknown>;
  onNote(note: Crossing): void;
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  onNarrowed(narrowed: readonly string[]): void;
}

/** What the plugin needs to know of an error of the host's: not where the host's code lies. */
function describeForGuest(thrown: unknown): unknown {
  const { stack: _, cause: __, ...said } = describeThrown(thrown);
  return said;
}

const keptLines = 8;
/** Milliseconds between two looks at the memory of a process that works. */
const memoryEveryMs = 100;

/** A plugin's process: started, watched, and ended for good when it misbehaves. */
export class GuestProcess {
  readonly link: Link;
  /** A folder of its own, gone when it ends. */
  readonly temporary: string;
  /** Why it ended. */
  readonly ended: Promise<VpError>;
  readonly #init: GuestProcessInit;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #verdict: VpError | undefined;
  #pingedAt = 0;
  #lastBeat = performance.now();
  #isWaitingForPong = false;
  /** It said so when it ended: the engine's own limit was faster than the look at what it uses. */
  #isOutOfMemory = false;
  #isOver = false;

  constructor(init: GuestProcessInit) {
    this.#init = init;
    this.temporary = makeTemporary();
    const { request, patterns } = init;
    const command = guestCommand(request, { patterns, temporary: this.temporary });
    if (command.narrowed.length > 0) init.onNarrowed(command.narrowed);
    this.#child = spawn(command.file, command.args, {
      cwd: this.temporary,
      env: command.env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      // A group of its own, so that it ends with all that it started, and a Ctrl-C is the host's to handle.
      detached: true,
      windowsHide: true,
    });
    this.ended = this.#awaitEnd();
    for (const stream of ['stdout', 'stderr'] as const) {
      const output = this.#child[stream];
      if (output === null) continue;
      readOutput(output, {
        line: (text) => this.#line(init.clean(text), stream),
        skipped: (count) => init.onLine(`… ${count} lines left out: too many at once`, stream),
      });
    }
    // Where stdio says pipe, Node makes a socket of it that goes both ways.
    const [, , , socket, data] = this.#child.stdio as unknown as readonly Duplex[];
    if (socket === undefined || data === undefined) throw new TypeError('a process without its pipes');
    this.link = new Link({
      socket,
      data,
      encode: { secrets: true },
      describe: describeForGuest,
      revive: (data) => reviveError(data, { plugin: request.plugin, clean: init.clean }),
      onCall: (method, args) => init.onCall(method, args),
      onNote: (note) => init.onNote(note),
      onCancel: () => this.#forged('a cancelled call'),
      onRelease: () => this.#forged('a released scope'),
      onPong: () => {
        if (!this.#isWaitingForPong) return this.#forged('an answer to no ping');
        this.#isWaitingForPong = false;
      },
      onEnd: (reason) => this.#linkEnded(reason),
    });
    this.#watch();
    this.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isOver(): boolean {
    return this.#isOver || this.link.isEnded;
  }

  /** Says why it must end, and ends it. The first reason counts. */
  kill(verdict: VpError): void {
    this.#verdict ??= verdict;
    // Its end is near, and somebody may wait for it.
    this.#child.ref();
    this.link.end(this.#verdict);
    this.#killGroup();
  }

  /** Lets this process live as long as somebody waits for the plugin. */
  ref(): void {
    this.#child.ref();
    for (const stream of this.#streams()) stream.ref?.();
  }

  unref(): void {
    this.#child.unref();
    for (const stream of this.#streams()) stream.unref?.();
  }

  #streams(): readonly { ref?(): void; unref?(): void }[] {
    return this.#child.stdio.filter((stream) => stream !== null && stream !== undefined) as never;
  }

  #line(text: string, stream: 'stdout' | 'stderr'): void {
    if (stream === 'stderr') {
      this.#isOutOfMemory ||= /out of memory|bad_alloc/i.test(text);
      this.#lines.push(text.slice(0, 300));
      if (this.#lines.length > keptLines) this.#lines.shift();
    }
    this.#init.onLine(text, stream);
  }

  #forged(what: string): void {
    this.link.end(new WireFault(what));
  }

  #linkEnded(reason: Error): void {
    const { request, label } = this.#init;
    if (reason instanceof WireFault) {
      request.denied({ permission: 'protocol', wanted: reason.message });
      this.#verdict ??= errors.VP_ISOLATION_PROTOCOL(
        { plugin: label, what: reason.message },
        { plugin: label },
      );
    } else if (isVpError(reason)) {
      this.#verdict ??= reason;
    }
    // An honest process ends by itself when its pipe does; the others are not asked.
    if (this.#verdict !== undefined) this.#killGroup();
    else setTimeout(() => this.#killGroup(), 500).unref();
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#isOver) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
      this.#child.kill('SIGKILL');
    }
  }

  async #awaitEnd(): Promise<VpError> {
    const how = await new Promise<string>((resolve) => {
      this.#child.once('error', (error) => resolve(`an error: ${error.message}`));
      // After `close` all that it printed has been read.
      this.#child.once('close', (code, signal) =>
        resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
      );
      this.#child.once('exit', (code, signal) => {
        const text = signal === null ? `exit code ${code}` : `signal ${signal}`;
        setTimeout(() => resolve(text), 200).unref();
      });
    });
    this.#killGroup();
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    const verdict = this.#verdict ?? this.#crash(how);
    this.link.end(verdict);
    await removeTemporary(this.temporary);
    return verdict;
  }

  #crash(how: string): VpError {
    const { label: plugin, request } = this.#init;
    const limitMb = request.limits.memoryMb;
    if (this.#isOutOfMemory && how.startsWith('signal')) {
      return errors.VP_ISOLATION_MEMORY({ plugin, usedMb: limitMb, limitMb }, { plugin });
    }
    return errors.VP_ISOLATION_CRASHED({ plugin, how, lines: this.#lines }, { plugin });
  }

  #watch(): void {
    const { limits } = this.#init.request;
    const heartbeat = Math.max(50, Math.min(1_000, limits.unresponsiveMs / 4));
    this.#timers.push(
      setInterval(() => this.#beat(heartbeat), heartbeat).unref(),
      setInterval(() => void this.#weigh(limits.memoryMb), memoryEveryMs).unref(),
    );
  }

  #beat(everyMs: number): void {
    const now = performance.now();
    // When this process itself was busy, an answer may lie unread: the plugin gets its time again.
    const wasBusy = now - this.#lastBeat > 2 * everyMs;
    this.#lastBeat = now;
    if (this.isOver) return;
    if (!this.#isWaitingForPong || wasBusy) this.#pingedAt = now;
    if (!this.#isWaitingForPong) {
      this.#isWaitingForPong = true;
      this.link.ping();
    }
    const { unresponsiveMs } = this.#init.request.limits;
    if (now - this.#pingedAt < unresponsiveMs) return;
    const plugin = this.#init.label;
    this.kill(errors.VP_ISOLATION_UNRESPONSIVE({ plugin, ms: unresponsiveMs }, { plugin }));
  }

  async #weigh(limitMb: number): Promise<void> {
    const usedMb = await residentMb(this.#child.pid);
    if (usedMb === undefined || usedMb <= limitMb || this.isOver) return;
    const plugin = this.#init.label;
    this.kill(errors.VP_ISOLATION_MEMORY({ plugin, usedMb, limitMb }, { plugin }));
  }
}

const pageBytes = 4_096;

/** Resident memory of a process; `undefined` when it is gone, or where the platform does not tell. */
async function residentMb(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    const pages = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1];
    return Math.round((Number(pages) * pageBytes) / 2 ** 20);
  } catch {
    // Gone: its exit is told by itself.
    return undefined;
  }
}
