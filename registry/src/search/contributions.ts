import { contributionKeys, type Manifest } from '@vp/contracts/manifest';
import type { PluginSummary } from '@vp/contracts/registry';

export type ContributionSummary = PluginSummary['contributions'][number];

/** What a manifest contributes, flat: standard points, points of other plugins, templates. */
export function contributionsOf(manifest: Manifest): ContributionSummary[] {
  const lists = manifest.contributes ?? {};
  const standard = Object.entries(contributionKeys).flatMap(([key, point]) =>
    (lists[key as keyof typeof contributionKeys] ?? []).map((each) => summary(point, each)),
  );
  const others = (lists.extensions ?? []).map((each) => summary(pointOf(each.contract), each));
  const templates = (manifest.templates ?? []).map((each) => summary('template', each));
  return [...standard, ...others, ...templates];
}

/** The points that a plugin contributes to, each once: `source`, `sink`. */
export const kindsOf = (contributions: readonly ContributionSummary[]): string[] => [
  ...new Set(contributions.map(({ point }) => point)),
];

const pointOf = (contract: string) => contract.slice(0, contract.lastIndexOf('@'));

interface Contribution {
  readonly id: string;
  readonly description?: string | undefined;
  readonly summary?: string | undefined;
  readonly capabilities?: readonly string[] | undefined;
}

function summary(point: string, contribution: Contribution): ContributionSummary {
  const { id, capabilities = [] } = contribution;
  // A command says what it does in `summary`, all others in `description`.
  const description = contribution.description ?? contribution.summary;
  return { point, id, ...(description && { description }), capabilities: [...capabilities] };
}
