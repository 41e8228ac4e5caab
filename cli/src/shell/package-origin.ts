import * as Flags from '@oclif/core/flags';
import type { Bundle, PackageSource } from '@vp/installer';
import type { Policy } from '@vp/kernel';
import type { Output } from '../ui/output.ts';
import { listenForInterrupts } from './interrupts.ts';
import { openRegistries } from './registry-access.ts';

/** Flags of an install that takes its packages out of a file. */
export const bundleFlags = {
  from: Flags.string({
    summary: 'Install from a bundle, without a registry or a network',
    helpValue: 'vp.bundle',
    exclusive: ['registry'],
  }),
  trust: Flags.string({
    summary: 'Take bundles that this key has signed',
    helpValue: 'SHA256:…',
    dependsOn: ['from'],
  }),
};

/** Where an install takes its packages from. */
export interface PackageOrigin extends AsyncDisposable {
  readonly source: PackageSource;
  readonly signal: AbortSignal;
  /** What is asked for: of a bundle all that it has, unless something is named. */
  specs(named: readonly string[]): readonly string[];
  /** What there is to do once everything is installed. */
  installed(): Promise<void>;
}

/** The registries of .npmrc, or the bundle of `--from`. */
export async function openPackages(request: {
  readonly flags: {
    readonly from?: string | undefined;
    readonly trust?: string | undefined;
    readonly registry?: string | undefined;
  };
  readonly dir: string;
  /** `[plugins]` of vp.toml: package by key. */
  readonly declared: ReadonlyMap<string, string>;
  readonly policy: Pick<Policy, 'bundle_keys'>;
  readonly output: Output;
}): Promise<PackageOrigin> {
  const { flags, dir, output } = request;
  if (flags.from === undefined) {
    const registries = await openRegistries({ flags: { registry: flags.registry, project: dir }, output });
    const { source, signal } = registries;
    return {
      source,
      signal,
      specs: (named) => named,
      installed: () => reachAgain(dir),
      [Symbol.asyncDispose]: async () => registries[Symbol.dispose](),
    };
  }
  return openFromBundle({ ...request, file: flags.from, trust: flags.trust });
}

/** What was installed from a registry may ask it again, whatever a bundle said before. */
async function reachAgain(dir: string): Promise<void> {
  const { readKillLists, writeKillLists } = await import('@vp/kernel');
  const { offline, ...lists } = readKillLists(dir);
  if (offline === true) writeKillLists(dir, lists);
}

async function openFromBundle(request: {
  readonly file: string;
  readonly trust: string | undefined;
  readonly dir: string;
  readonly declared: ReadonlyMap<string, string>;
  readonly policy: Pick<Policy, 'bundle_keys'>;
  readonly output: Output;
}): Promise<PackageOrigin> {
  const { file, trust, dir, declared, policy, output } = request;
  const { keepKillLists, openBundle, trustBundleKey, trustedBundleKeys } = await import('@vp/installer');
  const { readLock } = await import('@vp/kernel');
  // What the deployment says wins over what this machine remembers.
  const known = policy.bundle_keys ?? trustedBundleKeys(dir);
  const pinned = lockedRegistries(() => readLock(dir)?.lock.registries);
  const bundle = await openBundle({ file, trusted: trust === undefined ? known : [...known, trust] });
  const interrupts = listenForInterrupts(output);
  return {
    source: bundle.source,
    signal: interrupts.signal,
    specs: (named) => (named.length > 0 ? named : bundledSpecs(bundle, declared)),
    async installed() {
      for (const { code, message } of keepKillLists({ projectDir: dir, bundle, pinned, now: new Date() }))
        output.note(`warning ${code}: ${message}`);
      if (known.includes(bundle.keyid) || policy.bundle_keys !== undefined) return;
      trustBundleKey(dir, bundle.keyid);
      output.note(`This project takes bundles of key ${bundle.keyid} from now on.`);
    },
    async [Symbol.asyncDispose]() {
      interrupts.stop();
      await bundle[Symbol.asyncDispose]();
    },
  };
}

/** A lock that cannot be read is the installer's to refuse. */
function lockedRegistries<T extends object>(read: () => T | undefined): T | Record<string, never> {
  try {
    return read() ?? {};
  } catch {
    return {};
  }
}

/** All plugins of a bundle: with the range of its own vp.toml, unless this one has another. */
function bundledSpecs({ contents }: Bundle, declared: ReadonlyMap<string, string>): readonly string[] {
  return Object.entries(contents.plugins).map(([key, { package: name, range }]) => {
    const spec = key === name ? name : `${key}=${name}`;
    return declared.get(key) === name ? spec : `${spec}@${range}`;
  });
}
