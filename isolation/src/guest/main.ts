import { Socket } from 'node:net';
import { Link } from '../wire/link.ts';
import type { Crossing } from '../wire/value.ts';
import { reportLookings, reportRefusals, takeAway } from './confine.ts';
import { DataPipe } from './data-pipe.ts';
import { type LoadedPlugin, loadPlugin } from './plugin.ts';
import type { Args, Methods } from './points/api.ts';
import { serve } from './points/serve.ts';
import { type ScopeInfo, Scopes } from './scopes.ts';
import { makeSecret } from './secret.ts';
import { GuestServices } from './services.ts';
import { syncThroughHost } from './sync.ts';
import { describeForHost, revive } from './thrown.ts';
import { tunnelSockets } from './tunnel.ts';

/** What the host says first. */
interface Start {
  readonly entry: string;
  readonly project: string;
  readonly state: string;
  readonly native: boolean;
}

const objects = new Map<number, { readonly methods: Methods; readonly instance: object | undefined }>();
const scopes = new Scopes({ link: () => link, revive });
let plugin: LoadedPlugin | undefined;

const data = new DataPipe(4, () => process.exit(0));
const link: Link = new Link({
  writeData: (frame) => data.write(frame),
  socket: new Socket({ fd: 3, readable: true, writable: true }),
  decode: { secret: makeSecret },
  describe: describeForHost,
  revive,
  onCall: (method, args) => answer(method, args as unknown as Args),
  onNote() {},
  onPong() {},
  onCancel: (scope, reason) => scopes.cancel(scope, reason),
  onRelease: (scope) => scopes.release(scope),
  // Without its host it has nothing to do, whatever timers it left.
  onEnd: () => process.exit(0),
});

const api = {
  link,
  context: ({ context }: Args) => scopes.context(context as ScopeInfo),
  keep: ({ object }: Args, methods: Methods) => {
    objects.set(object as number, { methods, instance: undefined });
  },
};

async function answer(method: string, args: Args): Promise<unknown> {
  switch (method) {
    case 'start':
      return await start(args as unknown as Start);
    case 'create':
      return await create(args);
    case 'invoke':
      return await invoke(args);
    case 'dispose':
      return await dispose(args);
    case 'stop':
      return await plugin?.stop(new DOMException('The plugin is stopped.', 'AbortError'));
    default:
      throw new TypeError(`The host calls ${method}, which this version does not have.`);
  }
}

async function start({ entry, project, state, native }: Start): Promise<Crossing> {
  takeAway(report, { native });
  reportLookings(report);
  tunnelSockets(link);
  await syncThroughHost(link);
  const services = new GuestServices({ link: () => link, scopes, project, state });
  plugin = await loadPlugin(entry, services);
  await plugin.activate(services);
  return plugin.contributions;
}

async function create({ object, contract, id, config }: Args): Promise<unknown> {
  if (plugin === undefined) throw new TypeError('The plugin is not started.');
  const instance = await plugin.create(String(contract), String(id), config);
  const methods = serve(String(contract), instance, api);
  objects.set(object as number, { methods, instance });
  return { methods: Object.keys(methods), rules: await methods.rules?.({}) };
}

async function invoke({ object, method, args }: Args): Promise<unknown> {
  const found = objects.get(object as number)?.methods[String(method)];
  if (found === undefined) throw new TypeError(`There is no ${String(method)} to call.`);
  const result = await found(args as Args);
  if (method === 'close') objects.delete(object as number);
  return result;
}

async function dispose({ object }: Args): Promise<void> {
  const instance = objects.get(object as number)?.instance;
  objects.delete(object as number);
  if (instance === undefined) return;
  const disposable = instance as Partial<AsyncDisposable & Disposable>;
  await disposable[Symbol.asyncDispose]?.();
  if (disposable[Symbol.asyncDispose] === undefined) disposable[Symbol.dispose]?.();
}

function report(attempt: { readonly permission: string; readonly wanted: string }): void {
  link.note({ type: 'denied', ...attempt });
}

reportRefusals(report);
