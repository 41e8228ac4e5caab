import type { PluginPackage } from '@vp/contracts/manifest';
import type { PluginConfig, Policy } from '../config/index.ts';
import { matchesPackage } from '../integrity/index.ts';

/** Where a plugin runs, and who says so. */
export interface IsolationMode {
  readonly mode: 'in-process' | 'process';
  readonly by: string;
}

/** The policy's word counts before the deployment's, that before the author's. */
export function isolationMode(init: {
  /** Key of `[plugins]`. */
  readonly plugin: string;
  readonly package: PluginPackage;
  readonly config: PluginConfig | undefined;
  readonly policy: Policy;
}): IsolationMode {
  const { plugin, config, policy } = init;
  const forced = Object.entries(policy.isolation ?? {}).filter(([pattern]) =>
    matchesPackage(pattern, init.package, { wide: true }),
  );
  // Of several patterns the one that says most of a name, so that "*" may have exceptions.
  const [pattern, mode] =
    forced.toSorted(([a, one], [b, other]) => wordsOf(b) - wordsOf(a) || (one > other ? -1 : 1))[0] ?? [];
  if (mode !== undefined) return { mode, by: `[policy] isolation."${pattern}"` };
  if (config?.isolation !== undefined)
    return { mode: config.isolation, by: `[plugins."${plugin}"] isolation` };
  return { mode: init.package.vp.isolation ?? 'in-process', by: 'its manifest' };
}

const wordsOf = (pattern: string): number => pattern.replaceAll('*', '').length;
