import type { ExtensionPoint, HookRef } from '@vp/contracts';
import { didYouMean, VpError } from '@vp/contracts';
import type { ContributionInfo, PluginHost } from '../../src/host.ts';

/** A contribution with its one instance. */
export interface TestContribution {
  readonly point: string;
  readonly id: string;
  readonly plugin?: string;
  pluginVersion?: string;
  readonly manifest?: object;
  readonly instance: object;
}

/** A host over contributions that are already there, with taps by hook id. */
export function createMemoryHost(
  contributions: readonly TestContribution[],
  taps: Readonly<Record<string, (arg: never) => unknown>> = {},
): PluginHost {
  const infos = new Map<string, ContributionInfo>();
  const find = (point: string, id: string): TestContribution => {
    const found = contributions.find((c) => c.point === point && c.id === id);
    if (found !== undefined) return found;
    const ids = contributions.filter((c) => c.point === point).map((c) => c.id);
    throw new VpError({
      code: 'VP_CONTRIBUTION_UNKNOWN',
      class: 'config',
      message: `There is no ${point} "${id}".`,
      hint: didYouMean(id, ids),
    });
  };
  const infoOf = (c: TestContribution): ContributionInfo => {
    const key = `${c.point}/${c.id}/${c.pluginVersion}`;
    const known = infos.get(key);
    if (known !== undefined) return known;
    const info = {
      point: c.point,
      id: c.id,
      plugin: c.plugin ?? `@test/${c.id}`,
      pluginVersion: c.pluginVersion ?? '1.0.0',
      manifest: { id: c.id, contract: `${c.point}@1`, ...c.manifest },
    } as ContributionInfo;
    infos.set(key, info);
    return info;
  };
  const host: PluginHost = {
    contributions: (point) => contributions.filter((c) => c.point === point).map(infoOf),
    contribution: (point, id) => infoOf(find(point, id)),
    bound(point) {
      const [only] = contributions.filter((c) => c.point === point);
      if (only === undefined) {
        throw new VpError({ code: 'VP_BINDING_NONE', class: 'config', message: `There is no ${point}.` });
      }
      return only.id;
    },
    instance: <T>(point: ExtensionPoint<T>, id: string) => Promise.resolve(find(point.id, id).instance as T),
    service: () => Promise.reject(new Error('The test host has no services.')),
    async call<Arg, Result>(ref: HookRef<Arg, Result>, arg: Arg): Promise<Result> {
      const given = await taps[ref.id]?.(arg as never);
      return (given ?? (ref.kind === 'waterfall' ? arg : undefined)) as Result;
    },
    forRun: () => ({ ...host, close: async () => [] }),
  };
  return host;
}
