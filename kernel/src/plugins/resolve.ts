import type { VpError } from '@vp/contracts';
import { contributionsOf, type ManifestContribution } from './contributions.ts';
import { cycleFault, link } from './dependencies.ts';
import { duplicateFault } from './duplicate-fault.ts';
import type { Fault } from './fault.ts';
import { pointFault, serviceFault } from './need-fault.ts';
import type { Plugin } from './plugin.ts';
import { versionFault } from './version-fault.ts';

/** Everything about the plugins that fit together. */
export interface Resolution {
  /** By `point/id`. */
  readonly contributions: ReadonlyMap<string, ManifestContribution>;
  /** Usable plugins, dependencies first. */
  readonly order: readonly Plugin[];
}

/**
 * Finds out which plugins fit together, from their manifests. A plugin that does not fit is failed
 * with the reason, and the rest is looked at again without it: what it offered is then missing, too.
 */
export function resolve(init: {
  readonly plugins: readonly Plugin[];
  /** Services of the kernel itself. */
  readonly kernelServices: readonly string[];
  readonly fail: (plugin: Plugin, error: VpError) => void;
}): Resolution {
  for (;;) {
    const usable = init.plugins.filter((plugin) => plugin.isUsable);
    const fault = firstFault(usable, init);
    if (fault === undefined) {
      const order = link(usable);
      for (const plugin of order) plugin.state = 'resolved';
      return { contributions: contributionMap(usable), order };
    }
    init.fail(fault.plugin, fault.error);
  }
}

function firstFault(
  usable: readonly Plugin[],
  init: { readonly plugins: readonly Plugin[]; readonly kernelServices: readonly string[] },
): Fault | undefined {
  return (
    versionFault(usable, init.plugins) ??
    duplicateFault(usable, init.kernelServices) ??
    pointFault(usable) ??
    serviceFault(usable, init) ??
    cycleFault(usable)
  );
}

function contributionMap(usable: readonly Plugin[]): ReadonlyMap<string, ManifestContribution> {
  return new Map(
    usable
      .flatMap(contributionsOf)
      .map((contribution) => [`${contribution.point}/${contribution.manifest.id}`, contribution]),
  );
}
