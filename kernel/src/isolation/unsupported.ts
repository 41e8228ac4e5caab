import { points, services } from '@vp/contracts';
import type { PluginPackage } from '@vp/contracts/manifest';

/** Points whose instances take and give data and nothing that lives in one process only. */
const crossing: ReadonlySet<string> = new Set([
  points.source.id,
  points.sink.id,
  points.transform.id,
  points.validator.id,
  points.alerter.id,
  points.auth.id,
  points.command.id,
]);

const kernelServices: ReadonlySet<string> = new Set(Object.values(services).map(({ key }) => key));

/** What of a plugin cannot be used across a process boundary, by its manifest. */
export function unsupported({ contributes = {}, ...manifest }: PluginPackage['vp']): readonly string[] {
  const contributions = Object.values(contributes).flatMap((list) => list ?? []);
  return [
    ...contributions
      .map(({ contract, id }) => ({ point: contract.split('@')[0] ?? contract, id }))
      .filter(({ point }) => !crossing.has(point))
      .map(({ point, id }) => `${point} ${id}`),
    ...(manifest.points ?? []).map(({ id }) => `extension point ${id}`),
    ...(manifest.provides ?? []).map((key) => `service ${key}`),
    ...(manifest.requires?.services ?? [])
      .filter((key) => !kernelServices.has(key))
      .map((key) => `use of service ${key}`),
    ...(manifest.hooks ?? []).map((key) => `taps of ${key}`),
  ];
}
