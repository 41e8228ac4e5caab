import type { PublishRequest, PublishResult } from './publish-package.ts';

export type { PublishRequest, PublishResult };

// What publishing stands on takes longer to load than a plugin to install: it is loaded when somebody publishes.

/**
 * Publishes a package: checks what the registry's gate will check, packs it, sends it, and waits until
 * the registry shows it.
 *
 * @throws VpError `VP_PUBLISH_*`, `VP_MANIFEST_*`
 */
export async function publishPackage(request: PublishRequest): Promise<PublishResult> {
  const publishing = await import('./publish-package.ts');
  return publishing.publishPackage(request);
}

/** What a conformance report of a package has to say as `digest`. */
export async function packageDigest(directory: string): Promise<string> {
  const publishing = await import('./publish-package.ts');
  return publishing.packageDigest(directory);
}
