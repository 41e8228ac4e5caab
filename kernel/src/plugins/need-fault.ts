import { points } from '@vp/contracts';
import { errors as serviceErrors } from '../services/index.ts';
import { contributionsOf } from './contributions.ts';
import { errors } from './errors.ts';
import { dependencyFault, type Fault, placeOfFault } from './fault.ts';
import type { Plugin } from './plugin.ts';

/** Contributions to points that nobody defines. */
export function pointFault(usable: readonly Plugin[]): Fault | undefined {
  const defined = usable
    .flatMap((plugin) => plugin.manifest.points ?? [])
    .map((p) => ({ ...p, key: `${p.id}@${p.major}` }));
  const standard = new Set(Object.values(points).map((point) => point.id));
  for (const plugin of usable) {
    for (const { point, pointer, manifest } of contributionsOf(plugin)) {
      const { id, contract } = manifest;
      if (standard.has(point) || defined.some(({ key }) => key === contract)) continue;
      const serves = defined.filter((each) => each.id === point).map(({ key }) => key);
      const params = { plugin: plugin.label, id, contract, serves };
      return {
        plugin,
        error: errors.VP_PLUGIN_CONTRACT(params, placeOfFault(plugin, `${pointer}/contract`)),
      };
    }
  }
  return undefined;
}

/** Services that nobody provides. */
export function serviceFault(
  usable: readonly Plugin[],
  init: { readonly plugins: readonly Plugin[]; readonly kernelServices: readonly string[] },
): Fault | undefined {
  const known = new Set([
    ...init.kernelServices,
    ...usable.flatMap((plugin) => plugin.manifest.provides ?? []),
  ]);
  for (const plugin of usable) {
    for (const [index, service] of (plugin.manifest.requires?.services ?? []).entries()) {
      if (known.has(service)) continue;
      const broken = init.plugins.find(
        (other) => !other.isUsable && other.package?.vp.provides?.includes(service) === true,
      );
      if (broken?.error !== undefined) return dependencyFault(plugin, broken, broken.error);
      const params = { service, by: plugin.label, known: [...known] };
      const at = placeOfFault(plugin, `/vp/requires/services/${index}`);
      return { plugin, error: serviceErrors.VP_SERVICE_MISSING(params, at) };
    }
  }
  return undefined;
}
