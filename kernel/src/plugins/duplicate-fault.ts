import { points } from '@vp/contracts';
import { errors as serviceErrors } from '../services/index.ts';
import { contributionsOf, type ManifestContribution, placeOf } from './contributions.ts';
import { errors } from './errors.ts';
import { type Fault, placeOfFault } from './fault.ts';
import type { Plugin } from './plugin.ts';

/** What two plugins contribute, provide or define alike: the later one of the deployment is refused. */
export function duplicateFault(
  usable: readonly Plugin[],
  kernelServices: readonly string[],
): Fault | undefined {
  const contributions = new Map<string, ManifestContribution>();
  const providers = new Map<string, string>(kernelServices.map((key) => [key, 'the kernel']));
  const definers = new Map<string, string>(
    Object.values(points).map((point) => [point.contract, 'the kernel']),
  );
  for (const plugin of usable) {
    for (const contribution of contributionsOf(plugin)) {
      const { point, manifest } = contribution;
      const { id } = manifest;
      const other = contributions.get(`${point}/${id}`);
      if (other !== undefined) {
        const params = {
          point,
          id,
          first: other.plugin.label,
          firstFile: placeOf(other),
          second: plugin.label,
          secondFile: placeOf(contribution),
        };
        return {
          plugin,
          error: errors.VP_CONTRIBUTION_DUPLICATE(params, placeOfFault(plugin, contribution.pointer)),
        };
      }
      contributions.set(`${point}/${id}`, contribution);
    }
    for (const service of plugin.manifest.provides ?? []) {
      const first = providers.get(service);
      if (first !== undefined) {
        const params = { service, first, second: plugin.label };
        return {
          plugin,
          error: serviceErrors.VP_SERVICE_DUPLICATE(params, placeOfFault(plugin, '/vp/provides')),
        };
      }
      providers.set(service, plugin.label);
    }
    for (const { id, major } of plugin.manifest.points ?? []) {
      const point = `${id}@${major}`;
      const first = definers.get(point);
      if (first !== undefined) {
        const params = { point, first, second: plugin.label };
        return { plugin, error: errors.VP_POINT_DUPLICATE(params, placeOfFault(plugin, '/vp/points')) };
      }
      definers.set(point, plugin.label);
    }
  }
  return undefined;
}
