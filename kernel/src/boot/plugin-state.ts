import { type Json, type PluginState, points } from '@vp/contracts';
import type { PluginHost } from '../host.ts';
import { errors } from './errors.ts';

/** More collisions in a row than any number of processes should bring about. */
const attempts = 20;

/** The `vp.state` service of one plugin: its corner of the deployment's store. */
export function pluginState(host: PluginHost, plugin: string): PluginState {
  const store = () => host.instance(points.store, host.bound('store'));
  const keyOf = (key: string) => `plugin/${plugin}/${key}`;
  return {
    async get(key) {
      return (await (await store()).getState(keyOf(key)))?.value;
    },
    async set(key, value: Json) {
      const target = await store();
      for (let attempt = 0; attempt < attempts; attempt++) {
        const known = await target.getState(keyOf(key));
        if (await target.putState(keyOf(key), value, known?.version ?? 0)) return;
      }
      throw errors.VP_STATE_BUSY({ key, plugin }, { plugin });
    },
  };
}
