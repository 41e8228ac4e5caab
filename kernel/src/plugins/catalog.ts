import { suggest, type VpError } from '@vp/contracts';
import type { ContributionInfo } from '../host.ts';
import { contributionInfo, contributionsOf, type ManifestContribution } from './contributions.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';

/** What the deployment's plugins contribute, by point and id. Read from manifests; nothing is loaded. */
export class Catalog {
  readonly #infos = new Map<string, ContributionInfo>();
  readonly #plugins: readonly Plugin[];
  readonly #binding: (point: string) => string | undefined;

  constructor(init: {
    readonly plugins: readonly Plugin[];
    readonly contributions: ReadonlyMap<string, ManifestContribution>;
    /** `[bindings]` of the deployment. */
    readonly binding: (point: string) => string | undefined;
  }) {
    this.#plugins = init.plugins;
    this.#binding = init.binding;
    for (const [key, contribution] of init.contributions)
      this.#infos.set(key, contributionInfo(contribution));
  }

  all(point: string): readonly ContributionInfo[] {
    return [...this.#infos.values()]
      .filter((info) => info.point === point && this.#plugin(info)?.isUsable === true)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @throws VpError why its plugin cannot be used, or that there is none of that name */
  one(point: string, id: string): ContributionInfo {
    const info = this.#infos.get(`${point}/${id}`);
    if (info !== undefined && this.#plugin(info)?.isUsable === true) return info;
    const broken = this.#broken(point, id);
    if (broken?.error !== undefined) throw broken.error;
    const known = this.all(point).map((each) => each.id);
    const unread = this.#unread();
    if (unread !== undefined && suggest(id, known) === undefined) throw unread;
    throw errors.VP_CONTRIBUTION_UNKNOWN({ point, id, known });
  }

  /** Ids of a point, those of plugins that cannot be used included. */
  idsOf(point: string): readonly string[] {
    return this.#plugins.flatMap((plugin) => idsOf(plugin, point));
  }

  bound(point: string): string {
    const wanted = this.#binding(point);
    if (wanted !== undefined) return this.one(point, wanted).id;
    const ids = this.all(point).map((info) => info.id);
    const [only, ...others] = ids;
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) throw errors.VP_BINDING_AMBIGUOUS({ point, ids });
    const broken = this.#plugins.find((plugin) => !plugin.isUsable && idsOf(plugin, point).length > 0);
    const fault = broken?.error ?? this.#unread();
    throw fault ?? errors.VP_CONTRIBUTION_NONE({ point });
  }

  #plugin(info: ContributionInfo): Plugin | undefined {
    return this.#plugins.find((plugin) => plugin.name === info.plugin);
  }

  /** Why the first plugin that nobody knows the manifest of cannot be used: it may have what is missed. */
  #unread(): VpError | undefined {
    return this.#plugins.find((plugin) => plugin.package === undefined)?.error;
  }

  /** A plugin that would have the contribution if it could be used. */
  #broken(point: string, id: string): Plugin | undefined {
    return this.#plugins.find((plugin) => !plugin.isUsable && idsOf(plugin, point).includes(id));
  }
}

function idsOf(plugin: Plugin, point: string): readonly string[] {
  if (plugin.package === undefined) return [];
  return contributionsOf(plugin)
    .filter((contribution) => contribution.point === point)
    .map((contribution) => contribution.manifest.id);
}
