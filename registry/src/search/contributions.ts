import type { JsonSchema } from '@vp/contracts';
import { contributionKeys, type Manifest } from '@vp/contracts/manifest';
import type { PluginSummary } from '@vp/contracts/registry';

export type ContributionSummary = PluginSummary['contributions'][number];

/** A contribution as the manifest lists it, whatever its kind; a schema may be the path of a file. */
export interface ListedContribution {
  readonly point: string;
  readonly id: string;
  readonly description?: string | undefined;
  /** A command says what it does in this, all others in `description`. */
  readonly summary?: string | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly formats?: readonly string[] | undefined;
  readonly config?: string | JsonSchema | undefined;
  readonly options?: string | JsonSchema | undefined;
  readonly rules?: readonly { readonly id: string; readonly description: string }[] | undefined;
}

/** What a manifest contributes, flat: standard points, points of other plugins, templates. */
export function listedContributions({ contributes = {}, templates = [] }: Manifest): ListedContribution[] {
  const standard = Object.entries(contributionKeys).flatMap(([key, point]) =>
    (contributes[key as keyof typeof contributionKeys] ?? []).map((each) => ({ ...each, point })),
  );
  const others = (contributes.extensions ?? []).map((each) => ({
    ...each,
    point: each.contract.slice(0, each.contract.lastIndexOf('@')),
  }));
  return [...standard, ...others, ...templates.map((each) => ({ ...each, point: 'template' }))];
}

/** The same, as search results show it. */
export const contributionsOf = (manifest: Manifest): ContributionSummary[] =>
  listedContributions(manifest).map(({ point, id, summary, description = summary, capabilities = [] }) => ({
    point,
    id,
    ...(description && { description }),
    capabilities: [...capabilities],
  }));

/** The points that a plugin contributes to, each once: `source`, `sink`. */
export const kindsOf = (contributions: readonly { readonly point: string }[]): string[] => [
  ...new Set(contributions.map(({ point }) => point)),
];
