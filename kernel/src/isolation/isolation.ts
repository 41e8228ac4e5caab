import { realpathSync } from 'node:fs';
import type { Isolate, Paths, PluginDefinition, VpError } from '@vp/contracts';
import type { Permissions, PluginPackage } from '@vp/contracts/manifest';
import type { ResolvedConfig } from '../config/index.ts';
import type { DeniedAttempt } from './audit.ts';
import { errors } from './errors.ts';
import { type IsolationMode, isolationMode } from './mode.ts';
import { dependencyFolders } from './readable.ts';
import { unsupported } from './unsupported.ts';

/** What a plugin's process may use up unless `limits` of its entry says otherwise. */
const defaults = { memoryMb: 512, unresponsiveMs: 5_000, startMs: 10_000 };

interface Isolated {
  /** Key of `[plugins]`. */
  readonly plugin: string;
  /** `name@version` */
  readonly label: string;
  readonly package: PluginPackage;
}

/** How the kernel has plugins run in processes of their own. */
export interface Isolation {
  /** Where a plugin runs. */
  mode(plugin: Omit<Isolated, 'label'>): IsolationMode['mode'];
  /** Why a plugin cannot run where it must, by its manifest. */
  refusal(plugin: Isolated): VpError | undefined;
  /** The stand-in of a plugin, instead of its code. */
  start(
    plugin: Isolated & {
      readonly directory: string;
      /** Folders of what it may load, when a lock knows them. */
      readonly closure: readonly string[] | undefined;
    },
  ): Promise<PluginDefinition>;
}

export interface IsolationInit {
  readonly config: ResolvedConfig;
  readonly paths: Paths;
  /** None in hosts that cannot start processes for plugins. */
  readonly isolate: (() => Promise<Isolate>) | undefined;
  /** What a plugin was granted, configured values put in. */
  readonly granted: (plugin: {
    readonly plugin: string;
    readonly manifest: PluginPackage['vp'];
    readonly directory: string;
  }) => Permissions;
  readonly denied: (attempt: DeniedAttempt) => void;
}

export function createIsolation(init: IsolationInit): Isolation {
  const { plugins, policy } = init.config.values;
  const modeOf = ({ plugin, package: pack }: Omit<Isolated, 'label'>) =>
    isolationMode({ plugin, package: pack, config: plugins[plugin], policy });
  return {
    mode: (plugin) => modeOf(plugin).mode,
    refusal(isolated) {
      const { mode, by } = modeOf(isolated);
      if (mode === 'in-process') return undefined;
      const { label: plugin } = isolated;
      const context = { plugin, phase: 'verify' };
      if (init.isolate === undefined) return errors.VP_ISOLATION_UNAVAILABLE({ plugin, by }, context);
      const what = unsupported(isolated.package.vp);
      return what.length === 0 ? undefined : errors.VP_ISOLATION_UNSUPPORTED({ plugin, by, what }, context);
    },
    async start({ plugin, label, package: pack, directory, closure }) {
      const { by } = modeOf({ plugin, package: pack });
      if (init.isolate === undefined) {
        throw errors.VP_ISOLATION_UNAVAILABLE({ plugin: label, by }, { plugin: label, phase: 'load' });
      }
      const isolate = await init.isolate();
      const { limits, activate_timeout_ms: startMs = defaults.startMs } = plugins[plugin] ?? {};
      return isolate({
        plugin,
        package: pack,
        directory: realpathSync(directory),
        readable: closure ?? dependencyFolders(directory),
        permissions: init.granted({ plugin, manifest: pack.vp, directory }),
        limits: {
          memoryMb: limits?.memory_mb ?? defaults.memoryMb,
          unresponsiveMs: limits?.unresponsive_ms ?? defaults.unresponsiveMs,
          startMs,
        },
        paths: init.paths,
        denied: (attempt) => init.denied({ plugin, ...attempt }),
      });
    },
  };
}
