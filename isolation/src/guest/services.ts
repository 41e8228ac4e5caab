import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, EventStream, Paths, PluginState, Secrets, ServiceRef } from '@vp/contracts';
import type { Link } from '../wire/link.ts';
import type { Scopes } from './scopes.ts';
import { brandedError } from './thrown.ts';

/** Makes the services that a plugin asks for, by their keys. Those that are not there are the host's to refuse. */
export class GuestServices {
  readonly #byKey: ReadonlyMap<string, unknown>;

  constructor(init: {
    readonly link: () => Link;
    readonly scopes: Scopes;
    readonly project: string;
    readonly state: string;
  }) {
    const { link, scopes, project, state } = init;
    const paths: Paths = { project, state, resolve: (path) => resolve(project, path) };
    this.#byKey = new Map<string, unknown>([
      ['vp.logger@1', scopes.logger()],
      ['vp.clock@1', clock],
      ['vp.paths@1', paths],
      ['vp.events@1', eventStream(link)],
      ['vp.secrets@1', secrets(link)],
      ['vp.state@1', pluginState(link)],
    ]);
  }

  /** @throws when one is needed and does not cross */
  all(refs: Readonly<Record<string, ServiceRef<unknown>>> = {}): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(refs).map(([name, { key, isOptional }]) => {
        const service = this.#byKey.get(key);
        if (service !== undefined || isOptional) return [name, service];
        throw brandedError({
          code: 'VP_ISOLATION_NOT_ACROSS',
          class: 'config',
          message: `The service ${key} does not reach an isolated plugin.`,
          hint: 'Run the plugin in process.',
        });
      }),
    );
  }
}

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

const secrets = (link: () => Link): Secrets => ({
  async get(ref) {
    const secret = await link().call('secret', ref);
    // The link made it of what the broker gave out; anything else would have been an error.
    return secret as Awaited<ReturnType<Secrets['get']>>;
  },
});

const pluginState = (link: () => Link): PluginState => ({
  async get(key) {
    return (await link().call('state.get', key)) as Awaited<ReturnType<PluginState['get']>>;
  },
  async set(key, value) {
    await link().call('state.set', [key, value]);
  },
});

const eventStream = (link: () => Link): EventStream => ({
  publish: (event) => link().note({ type: 'event', event }),
  subscribe() {
    throw brandedError({
      code: 'VP_ISOLATION_NOT_ACROSS',
      class: 'config',
      message: 'An isolated plugin cannot listen to events; it can publish them.',
      hint: 'Run the plugin in process.',
    });
  },
});
