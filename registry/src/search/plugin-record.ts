import type { Manifest } from '@vp/contracts/manifest';
import type { Badge, ConformanceReport } from '@vp/contracts/registry';

/** One published version, as search and page need it. */
export interface VersionRecord {
  readonly version: string;
  /** ISO 8601. */
  readonly published: string;
  /** Unpacked, in bytes. */
  readonly size: number;
  readonly description: string;
  readonly license?: string | undefined;
  readonly keywords: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly manifest: Manifest;
  readonly badge?: Badge | undefined;
  readonly yanked?: { readonly reason: string; readonly at: string } | undefined;
  readonly signed: boolean;
}

/** One plugin of the registry with all its versions. */
export interface PluginRecord {
  readonly name: string;
  /** Newest first, by semver; never empty. */
  readonly versions: readonly [VersionRecord, ...VersionRecord[]];
  /** Of {@link latestOf}: Markdown by a stranger. */
  readonly readme: string;
  /** What the kits found of {@link latestOf}, law by law. */
  readonly report?: ConformanceReport | undefined;
}

/** The version that search shows and `install` takes: the newest that is not yanked, releases before pre-releases. */
export function latestOf({ versions }: Pick<PluginRecord, 'versions'>): VersionRecord {
  const offered = versions.filter(({ yanked }) => yanked === undefined);
  return offered.find(({ version }) => !version.includes('-')) ?? offered[0] ?? versions[0];
}

/** Whether a deployment can still install it. */
export const isOffered = ({ versions }: Pick<PluginRecord, 'versions'>): boolean =>
  versions.some(({ yanked }) => yanked === undefined);
