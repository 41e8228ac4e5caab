import { contributionKeys } from '@vp/contracts/manifest';
import type { PluginInfo } from '@vp/kernel';

export interface ContributionFact {
  readonly point: string;
  readonly id: string;
}

const origins = { lock: 'vp.lock', node_modules: 'node_modules', link: 'linked', memory: 'memory' } as const;

/** Where a plugin comes from, for people. */
export const originText = ({ origin }: PluginInfo): string => (origin === undefined ? '' : origins[origin]);

/** What a plugin's manifest says it contributes. */
export function contributionsOf({ manifest }: PluginInfo): readonly ContributionFact[] {
  const { contributes = {} } = manifest?.vp ?? {};
  const known = Object.entries(contributionKeys).flatMap(([key, point]) =>
    (contributes[key as keyof typeof contributionKeys] ?? []).map(({ id }) => ({ point, id })),
  );
  const extensions = (contributes.extensions ?? []).map(({ id, contract }) => ({
    point: contract.split('@')[0] ?? contract,
    id,
  }));
  return [...known, ...extensions];
}
