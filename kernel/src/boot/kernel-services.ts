import {
  type Clock,
  type EventStream,
  type Logger,
  type LogLevel,
  type Paths,
  services,
} from '@vp/contracts';
import { createLogger } from '../events/index.ts';
import type { PluginHost } from '../host.ts';
import { pluginSecrets } from '../permissions/index.ts';
import type { PluginInfo } from '../plugins/index.ts';
import type { SecretResolver } from '../secrets/index.ts';
import { type ServiceAsker, Services } from '../services/index.ts';
import type { createGrants } from './permissions.ts';
import { pluginState } from './plugin-state.ts';

const owner = 'the kernel';

/** What the kernel's services are made of. The host comes later: its plugins use these services. */
export interface KernelServicesInit {
  readonly clock: Clock;
  readonly paths: Paths;
  readonly events: EventStream;
  readonly logLevel: LogLevel | undefined;
  readonly secrets: SecretResolver;
  readonly grants: ReturnType<typeof createGrants>;
  readonly host: () => PluginHost;
  readonly pluginOf: (plugin: string) => Pick<PluginInfo, 'manifest' | 'directory'> | undefined;
}

/** The services that the kernel provides to plugins. */
export function createKernelServices(init: KernelServicesInit): Services {
  const { clock, paths, events, secrets, grants, host } = init;
  const all = new Services();
  const publish: EventStream['publish'] = (event) => events.publish(event);
  const logger = ({ plugin }: ServiceAsker): Logger =>
    createLogger({
      publish,
      ...(init.logLevel === undefined ? {} : { level: init.logLevel }),
      ...(plugin === undefined ? {} : { plugin }),
    });
  all.provide(owner, services.clock, { create: () => clock });
  all.provide(owner, services.paths, { create: () => paths });
  all.provide(owner, services.events, { create: () => events });
  all.provide(owner, services.logger, { create: (_, asker) => logger(asker) });
  all.provide(owner, services.state, { create: (_, { plugin }) => pluginState(host(), plugin ?? 'kernel') });
  all.provide(owner, services.secrets, {
    create: (_, { plugin = '' }) => {
      const found = init.pluginOf(plugin);
      const manifest = found?.manifest?.vp;
      if (manifest === undefined) return secrets;
      const { directory } = found ?? {};
      return pluginSecrets({ broker: grants.broker({ plugin, manifest, directory, publish }), secrets });
    },
  });
  return all;
}
