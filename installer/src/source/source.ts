import type { KillList, RegistryKey } from '@vp/contracts/registry';
import type { Packument } from '../client/packument.ts';
import type { Packages } from '../tree/places.ts';

/** A tarball that is wanted. */
export interface TarballRequest {
  readonly name: string;
  readonly version: string;
  /** Where the lock says that it is. */
  readonly resolved?: string | undefined;
  /** What it must be; unknown of a few very old packages. */
  readonly integrity?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where packages come from: registries, or a bundle. The installer asks for nothing else, so what a bundle
 * holds is installed as it would be from the registry: the same checks, the same lock.
 */
export interface PackageSource {
  /** Base URL of the registry that a package is of, as locks have it. */
  registryOf(name: string): string;
  /** All that the registry says of a plugin. */
  packument(name: string): Promise<Packument>;
  /** What is needed to choose a version of any package: npm's short form of the document will do. */
  dependency(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** Bytes of a tarball, not checked yet. @throws VpError `VP_INSTALL_DOWNLOAD` */
  tarball(request: TarballRequest): Promise<Buffer>;
  /** Keys that the registry offers; none from one that signs nothing. */
  keys(registry: string): Promise<readonly RegistryKey[]>;
  /** What it withdrew; none from a registry that keeps no such list. */
  killList(registry: string): Promise<KillList | undefined>;
  /** Entries of a tree that was resolved before, for whoever holds the very same plugins. */
  readonly packages?: Packages | undefined;
}
