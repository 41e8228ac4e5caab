import { availableParallelism } from 'node:os';
import type { JsonObject } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** `[executor.local]` of vp.toml. */
export interface LocalExecutorConfig {
  /** Steps at a time; the number of cores when left out. */
  readonly concurrency?: number;
  /** Steps at a time by resource class (`policy.resource` of an asset). */
  readonly resources?: Readonly<Record<string, number>>;
  /** Further attempts after a transient error, where the asset does not say. */
  readonly retries?: number;
  readonly backoff?: {
    readonly min_ms?: number;
    readonly max_ms?: number;
    readonly factor?: number;
    /** Part of the delay, 0 to 1, that chance adds or takes away. */
    readonly jitter?: number;
  };
  /** Time-out of one attempt, where the asset does not say. */
  readonly timeout_ms?: number;
  /** How long a step may take to stop before it is given up. */
  readonly grace_ms?: number;
  /** Limits for starting steps of the classes that need much: `75%` of the machine, or `4GB`. */
  readonly memory?: {
    readonly soft?: string;
    readonly hard?: string;
    readonly classes?: readonly string[];
  };
}

export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: number;
}

/** The settings of one run: configuration, and what the command line says. */
export interface Settings {
  readonly concurrency: number;
  readonly resources: ReadonlyMap<string, number>;
  readonly retries: number;
  readonly backoff: Backoff;
  readonly timeoutMs: number | undefined;
  readonly graceMs: number;
  readonly memory: { readonly soft: string; readonly hard: string; readonly classes: readonly string[] };
}

/** `options` (`--concurrency`, `--retries`) win over the configuration and over the assets. */
export function settingsOf(config: LocalExecutorConfig, options: JsonObject = {}): Settings {
  const { backoff = {}, memory = {} } = config;
  return {
    concurrency: count(options, 'concurrency', 1) ?? config.concurrency ?? availableParallelism(),
    resources: new Map(Object.entries(config.resources ?? {})),
    retries: count(options, 'retries', 0) ?? config.retries ?? 2,
    backoff: {
      minMs: backoff.min_ms ?? 500,
      maxMs: backoff.max_ms ?? 30_000,
      factor: backoff.factor ?? 2,
      jitter: backoff.jitter ?? 0.25,
    },
    timeoutMs: config.timeout_ms,
    graceMs: config.grace_ms ?? 10_000,
    memory: { soft: memory.soft ?? '75%', hard: memory.hard ?? '90%', classes: memory.classes ?? ['heavy'] },
  };
}

function count(options: JsonObject, name: string, least: number): number | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  const expected = `a whole number of at least ${least}`;
  throw errors.VP_EXECUTOR_BAD_OPTION({ name, expected, got: JSON.stringify(value) });
}
