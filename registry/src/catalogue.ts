import type { Manifest } from '@vp/contracts/manifest';
import type { VersionFacts } from '@vp/contracts/registry';

/** A version that passed the gate. */
export interface PublishedVersion {
  readonly version: string;
  /** ISO 8601. */
  readonly published: string;
  /** Unpacked, in bytes. */
  readonly size: number;
  readonly signed: boolean;
  readonly facts: VersionFacts;
  readonly description: string;
  readonly license: string | undefined;
  readonly keywords: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** Its `vp` field; none of a package that is no plugin (`@vp/contracts`). */
  readonly manifest: Manifest | undefined;
  /** npm's own mark: what `npm install` warns with. */
  readonly deprecated: string | undefined;
}

/** A package that is published here (never one of an upstream). */
export interface PublishedPackage {
  readonly name: string;
  /** The version behind the tag `latest`, which a yanked version never is; none when all are yanked. */
  readonly latest: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Highest version first. */
  readonly versions: readonly PublishedVersion[];
  /** Markdown, of the version that was published last. */
  readonly readme: string;
}

/** What is published, in memory. Published versions appear in it once they are safe on disk. */
export interface Catalogue {
  packages(): readonly PublishedPackage[];
  get(name: string): PublishedPackage | undefined;
  /**
   * One file out of a published tarball as text, by its path in the package: `conformance.json`, or a
   * schema that the manifest names. Nothing when it is not there, is no text or is larger than 1 MB.
   */
  file(name: string, version: string, path: string): Promise<string | undefined>;
  /** Told the name of each package that was published, yanked or tagged. Gives back how to stop it. */
  onChange(listener: (name: string) => void): () => void;
}
