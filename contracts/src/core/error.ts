import type { JsonObject } from './json.ts';

const VP_ERROR = Symbol.for('vp.error');

/**
 * What kind of thing went wrong, and so who can mend it. Only `transient` is ever retried.
 *
 * | class | who mends it | exit code |
 * |---|---|---|
 * | `user` | the caller: a wrong argument, name or flag | 2 |
 * | `config` | the deployment: vp.toml, pipeline definition, grants | 3 |
 * | `data` | the data: a failed check, a malformed row, a schema that does not fit | 1 |
 * | `transient` | time: connection lost, server busy | 4 |
 * | `plugin` | the plugin's author | 5 |
 * | `internal` | us | 70 |
 */
export type ErrorClass = 'user' | 'config' | 'data' | 'transient' | 'plugin' | 'internal';

/** Process exit codes of `vp`. */
export const exitCodes = {
  ok: 0,
  data: 1,
  usage: 2,
  config: 3,
  connection: 4,
  plugin: 5,
  internal: 70,
  interrupted: 130,
} as const;

/** What the process exits with for an error of a class, unless the error says otherwise. */
export const exitCodeOfClass: Readonly<Record<ErrorClass, number>> = {
  user: exitCodes.usage,
  config: exitCodes.config,
  data: exitCodes.data,
  transient: exitCodes.connection,
  plugin: exitCodes.plugin,
  internal: exitCodes.internal,
};

/** Where a fault is: a place in a file, or a path into a JSON or TOML document. */
export interface SourceLocation {
  /** Path, relative to the project where it lies inside it. */
  readonly file?: string;
  /** 1-based line. */
  readonly line?: number;
  /** 1-based column. */
  readonly column?: number;
  /** JSON pointer (RFC 6901) into the document, e.g. `/vp/contributes/sources/0/id`. */
  readonly pointer?: string;
  /** 1-based data row (the header does not count). */
  readonly row?: number;
  /** 0-based byte offset in the file. */
  readonly byte?: number;
}

/** What a `VpError` is made from. */
export interface VpErrorInit {
  /** Stable code: `VP_` and upper-case words. Never reused for another meaning. */
  readonly code: string;
  readonly class: ErrorClass;
  /** What happened and why, in one or two sentences, ending with a full stop. */
  readonly message: string;
  /** What to do next: a command, or the edit to make. */
  readonly hint?: string | undefined;
  /** The plugin at fault, as `name@version` or its name. */
  readonly plugin?: string | undefined;
  /** What was being done: `discover`, `activate`, `step orders`, … */
  readonly phase?: string | undefined;
  readonly at?: SourceLocation | undefined;
  /** Machine-readable facts. Never a secret. */
  readonly details?: JsonObject | undefined;
  /** For `transient`: milliseconds that the other side asks to wait before the next attempt (`Retry-After`). */
  readonly retryAfterMs?: number | undefined;
  /** Overrides the exit code of the class, e.g. 4 for a refused connection. */
  readonly exitCode?: number | undefined;
  readonly cause?: unknown;
}

/** `VpError` as JSON: what `--json` prints and what the store keeps. */
export interface VpErrorJson {
  readonly code: string;
  readonly class: ErrorClass;
  readonly message: string;
  readonly hint?: string;
  readonly plugin?: string;
  readonly phase?: string;
  readonly at?: SourceLocation;
  readonly details?: JsonObject;
  readonly retryAfterMs?: number;
  readonly docs: string;
  readonly cause?: VpErrorJson | { readonly message: string };
}

/**
 * The one error type that crosses boundaries. Recognise it with {@link isVpError}, never with
 * `instanceof`: another copy of this package may have made it.
 *
 * @example
 * ```ts
 * import { VpError, isVpError } from '@vp/contracts';
 * try {
 *   throw new VpError({ code: 'VP_DEMO_FAILED', class: 'user', message: 'It failed.', hint: 'Try again.' });
 * } catch (error) {
 *   if (isVpError(error)) console.log(error.code, error.exitCode); // VP_DEMO_FAILED 2
 * }
 * ```
 */
export class VpError extends Error {
  readonly code: string;
  readonly class: ErrorClass;
  readonly hint: string | undefined;
  readonly plugin: string | undefined;
  readonly phase: string | undefined;
  readonly at: SourceLocation | undefined;
  readonly details: JsonObject | undefined;
  readonly retryAfterMs: number | undefined;
  readonly exitCode: number;

  constructor(init: VpErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'VpError';
    this.code = init.code;
    this.class = init.class;
    this.hint = init.hint;
    this.plugin = init.plugin;
    this.phase = init.phase;
    this.at = init.at;
    this.details = init.details;
    this.retryAfterMs = init.retryAfterMs;
    this.exitCode = init.exitCode ?? exitCodeOfClass[init.class];
    Object.defineProperty(this, VP_ERROR, { value: true });
  }

  /** Page of the error index that explains the code, relative to the documentation root. */
  get docs(): string {
    return `errors.md#${this.code.toLowerCase()}`;
  }

  /** With its causes, as far as they tell more: a chain that bites its tail or is very long is cut. */
  toJSON(): VpErrorJson {
    const chain: VpError[] = [this];
    let cause: unknown = this.cause;
    while (isVpError(cause) && chain.length < maxCauses && !chain.includes(cause)) {
      chain.push(cause);
      cause = cause.cause;
    }
    let json: VpErrorJson['cause'];
    if (isVpError(cause))
      json = { message: chain.includes(cause) ? 'caused by itself' : 'and further causes' };
    else if (cause !== undefined) json = { message: describeThrown(cause) };
    for (const error of chain.slice(1).reverse()) json = ownJson(error, json);
    return ownJson(this, json);
  }
}

/** More of a chain than anybody reads. */
const maxCauses = 16;

function ownJson(error: VpError, cause: VpErrorJson['cause']): VpErrorJson {
  const { code, class: kind, message, hint, plugin, phase, at, details, retryAfterMs, docs } = error;
  return {
    code,
    class: kind,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(plugin === undefined ? {} : { plugin }),
    ...(phase === undefined ? {} : { phase }),
    ...(at === undefined ? {} : { at }),
    ...(details === undefined ? {} : { details }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    docs,
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Whether `value` is a {@link VpError} of any copy of this package. */
export function isVpError(value: unknown): value is VpError {
  return typeof value === 'object' && value !== null && VP_ERROR in value;
}

/**
 * `error` with more context (plugin, phase, place). Fields that the error already has win: the
 * innermost knows best. Something that is no `VpError` becomes the `cause` of `fallback`.
 */
export function withErrorContext(
  error: unknown,
  context: Pick<VpErrorInit, 'plugin' | 'phase' | 'at'>,
  fallback: Pick<VpErrorInit, 'code' | 'class'> & { readonly message?: string },
): VpError {
  if (isVpError(error)) {
    const merged = new VpError({
      code: error.code,
      class: error.class,
      message: error.message,
      hint: error.hint,
      plugin: error.plugin ?? context.plugin,
      phase: error.phase ?? context.phase,
      at: error.at ?? context.at,
      details: error.details,
      retryAfterMs: error.retryAfterMs,
      exitCode: error.exitCode,
      cause: error.cause,
    });
    if (error.stack !== undefined) merged.stack = error.stack;
    return merged;
  }
  return new VpError({
    ...context,
    code: fallback.code,
    class: fallback.class,
    message: fallback.message ?? describeThrown(error),
    cause: error,
  });
}

/** A thrown thing that may be anything (an `Error`, a string, `undefined`) as one line of text. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : thrown.message;
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return `Thrown without an Error: ${textOf(thrown)}`;
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    // An object without a prototype, or whose toString throws, has no text of its own.
    return Object.prototype.toString.call(thrown);
  }
}
