import type { JsonSchema } from '@vp/contracts';
import type { ManifestRule } from '@vp/contracts/manifest';
import type { ContributionInfo } from './host.ts';

/** The schema of a contribution's options, when its manifest gives one in place. */
export function optionsSchema(info: ContributionInfo): JsonSchema | undefined {
  const { manifest } = info;
  if (!('options' in manifest) || typeof manifest.options !== 'object') return undefined;
  return manifest.options;
}

/** Whether a source restricts itself to `ReadRequest.partition`: it says so in its manifest. */
export function readsPartitions(info: ContributionInfo): boolean {
  const { manifest } = info;
  return 'capabilities' in manifest && manifest.capabilities?.includes('partitions') === true;
}

/** Formats in which a source, sink or transform takes or gives data, cheapest first. */
export function formatsOf(info: ContributionInfo): readonly string[] {
  return 'formats' in info.manifest ? info.manifest.formats : [];
}

/** Formats that an engine takes and gives. */
export function engineFormats(info: ContributionInfo): {
  readonly accepts: readonly string[];
  readonly offers: readonly string[];
} {
  const { manifest } = info;
  return 'accepts' in manifest
    ? { accepts: manifest.accepts, offers: manifest.offers }
    : { accepts: [], offers: [] };
}

/** Rules of a validator. */
export function rulesOf(info: ContributionInfo): readonly ManifestRule[] {
  return 'rules' in info.manifest ? info.manifest.rules : [];
}
