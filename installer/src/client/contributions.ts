import { contributionKeys, type Manifest } from '@vp/contracts/manifest';
import type { PluginSummary } from '@vp/contracts/registry';

type Contribution = PluginSummary['contributions'][number];

/** What a manifest contributes, flat: of standard points, of other plugins' points, templates. */
export function contributionsOf(manifest: Manifest): Contribution[] {
  const { contributes = {}, templates = [] } = manifest;
  const standard = Object.entries(contributionKeys).flatMap(([key, point]) =>
    (contributes[key as keyof typeof contributionKeys] ?? []).map((each) => summary(point, each)),
  );
  const others = (contributes.extensions ?? []).map((each) =>
    summary(each.contract.slice(0, each.contract.lastIndexOf('@')), each),
  );
  return [...standard, ...others, ...templates.map((each) => summary('template', each))];
}

function summary(
  point: string,
  contribution: {
    readonly id: string;
    readonly description?: string | undefined;
    readonly summary?: string | undefined;
    readonly capabilities?: readonly string[] | undefined;
  },
): Contribution {
  const { id, capabilities = [] } = contribution;
  const description = contribution.description ?? contribution.summary;
  return {
    point,
    id,
    ...(description === undefined ? {} : { description }),
    capabilities: [...capabilities],
  };
}
