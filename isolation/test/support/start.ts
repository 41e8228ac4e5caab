import { join, resolve } from 'node:path';
import type {
  CallContext,
  ExtensionPoint,
  IsolateRequest,
  JsonObject,
  LogLevel,
  PluginRegistrar,
  Provider,
} from '@vp/contracts';
import type { Permissions, PluginPackage } from '@vp/contracts/manifest';
import { isolate } from '../../src/index.ts';

/** What a test says of the plugin that it isolates. */
export interface StartInit {
  readonly plugin: string;
  readonly directory: string;
  /** File of the plugin in `directory`. */
  readonly entry: string;
  readonly contributes: NonNullable<PluginPackage['vp']['contributes']>;
  readonly project: string;
  readonly requires?: readonly string[];
  readonly permissions?: Permissions;
  readonly limits?: Partial<IsolateRequest['limits']>;
  readonly readable?: readonly string[];
  /** Services by key, as the kernel would give them. */
  readonly services?: Readonly<Record<string, unknown>>;
}

export interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: JsonObject;
}

/** An isolated plugin under test: what the kernel does with one, without a kernel. */
export interface Started extends AsyncDisposable {
  readonly denied: readonly { readonly permission: string; readonly wanted: string }[];
  instance<T>(point: ExtensionPoint<T>, id: string, config?: unknown): Promise<T>;
  /** As the kernel does at first use. */
  activate(): Promise<void>;
  stop(): Promise<void>;
}

export async function start(init: StartInit): Promise<Started> {
  const { plugin, directory, entry, contributes, project, permissions = {}, limits, services = {} } = init;
  const denied: { readonly permission: string; readonly wanted: string }[] = [];
  const definition = await isolate({
    plugin,
    package: {
      name: plugin,
      version: '1.0.0',
      vp: { manifestVersion: 1, entry, contributes, requires: { services: [...(init.requires ?? [])] } },
    },
    directory,
    readable: init.readable ?? [],
    permissions,
    limits: { memoryMb: 512, unresponsiveMs: 5_000, startMs: 15_000, ...limits },
    paths: { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) },
    denied: (attempt) => denied.push(attempt),
  });
  const providers = new Map<string, Provider<unknown, unknown>>();
  const registrar = {
    contribute(point: ExtensionPoint<unknown>, id: string, provider: Provider<unknown, unknown>) {
      providers.set(`${point.id}/${id}`, provider);
    },
  };
  definition.register(registrar as unknown as PluginRegistrar);
  const stops: (() => void | Promise<void>)[] = [];
  const controller = new AbortController();
  const stop = async () => {
    controller.abort();
    for (const each of stops.splice(0).reverse()) await each();
  };
  const activate = async () => {
    const onStop = (dispose: () => void | Promise<void>) => {
      stops.push(dispose);
    };
    await definition.activate?.({ deps: services, signal: controller.signal, onStop });
  };
  return {
    denied,
    activate,
    async instance<T>(point: ExtensionPoint<T>, id: string, config: unknown = {}): Promise<T> {
      const provider = providers.get(`${point.id}/${id}`);
      if (provider === undefined) throw new Error(`nothing registered ${point.id} ${id}`);
      if (stops.length === 0) await activate();
      return (await provider.create({ config, deps: services })) as T;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A context that keeps what is logged. */
export function context(
  signal: CallContext['signal'] = new AbortController().signal,
): CallContext & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: LogLevel, always: JsonObject) => (message: string, fields?: JsonObject) => {
    lines.push({ level, message, fields: { ...always, ...fields } });
  };
  const logger = (always: JsonObject): CallContext['logger'] => ({
    debug: at('debug', always),
    info: at('info', always),
    warn: at('warn', always),
    error: at('error', always),
    with: (fields) => logger({ ...always, ...fields }),
  });
  return { signal, logger: logger({}), progress() {}, lines };
}
