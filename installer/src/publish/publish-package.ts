import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { VpError } from '@vp/contracts';
import { type Badge, treeHash, versionFactsSchema } from '@vp/contracts/registry';
import semver from 'semver';
import { errors } from './errors.ts';
import { type PackageFacts, readPackage } from './package-facts.ts';
import { digestOf, type PackedFile, packedFiles } from './packed-files.ts';
import { publishProblems } from './problems.ts';
import {
  type PackageDocument,
  packageDocument,
  registryError,
  type Target,
  targetOf,
  untilVisible,
} from './registry-access.ts';
import { reportState, withStampedReport } from './report.ts';
import { tarballOf } from './tarball.ts';

export interface PublishRequest {
  /** The package's folder, built: nothing is built or run here. */
  readonly directory: string;
  /** Base URL; the scope's or the default one of .npmrc when left out. */
  readonly registry?: string;
  /** VP_REGISTRY_TOKEN or .npmrc when left out. */
  readonly token?: string;
  /** Dist-tag; `latest` when left out, and then the version must be the highest. */
  readonly tag?: string;
  /** Check and pack, and publish nothing. */
  readonly dryRun?: boolean;
  /** `any`: also packages that are no plugins, e.g. the SDK. `plugin` when left out. */
  readonly kind?: 'plugin' | 'any';
  /**
   * `stamp`: the committed report gets the digest of these files, for who has just run the kits on
   * them. `later`: of a dry run before the kits are run, which does not miss it. `as-is` when left out.
   */
  readonly report?: 'as-is' | 'stamp' | 'later';
  /** `false`: return when the registry has taken it, without waiting until it shows it. */
  readonly wait?: boolean;
}

export interface PublishResult {
  readonly name: string;
  readonly version: string;
  readonly registry: string;
  /** The plugin's page in the registry. */
  readonly url: string;
  readonly tag: string;
  /** `sha512-<base64>` of the tarball. */
  readonly integrity: string;
  /** Tree hash of its files. */
  readonly tree: string;
  /** What `digest` of a fitting conformance report is. */
  readonly digest: string;
  /** Bytes of the tarball, and of its files. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly string[];
  /** The badge that the registry gave; in a dry run the one that it will give. */
  readonly badge?: Badge;
  /** Why there is no badge. */
  readonly noBadge?: string;
  readonly dryRun: boolean;
}

/**
 * Publishes a package: checks what the registry's gate will check, packs it, sends it, and waits until
 * the registry shows it.
 *
 * @throws VpError `VP_PUBLISH_*`, `VP_MANIFEST_*`
 */
export async function publishPackage(request: PublishRequest): Promise<PublishResult> {
  const { tag = 'latest', dryRun = false } = request;
  const directory = resolve(request.directory);
  const facts = await readPackage({ directory, plugin: request.kind !== 'any' });
  const { name, version } = facts.pack;
  const packed = await packedFiles({ directory, pack: facts.pack });
  const files = request.report === 'stamp' ? withStampedReport(packed) : packed;
  refuse(name, publishProblems(facts, files, { withoutReport: request.report === 'later' }));

  const target = await targetOf({ ...request, name, directory });
  const known = await packageDocument(target, name);
  if (known !== undefined) requireHigher(facts, known, tag);
  const tarball = await tarballOf(files);
  const expected = reportState(facts, files);
  const shown = dryRun ? undefined : await upload({ request, facts, files, tarball, target, tag });
  const vouched = versionFactsSchema.safeParse(shown?.vpRegistry);
  const badge = vouched.success ? vouched.data.badge : expected.badge;
  const { reason } = expected;
  return {
    name,
    version,
    registry: target.registry,
    url: facts.manifest === undefined ? `${target.registry}${name}` : `${target.registry}-/plugins/${name}`,
    tag,
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    tree: treeHash(files),
    digest: digestOf(files),
    size: tarball.byteLength,
    unpackedSize: files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    files: files.map(({ path }) => path),
    ...(badge === undefined ? {} : { badge }),
    ...(badge !== undefined || reason === undefined ? {} : { noBadge: reason }),
    dryRun,
  };
}

/** What a conformance report of a package has to say as `digest`. */
export async function packageDigest(directory: string): Promise<string> {
  const facts = await readPackage({ directory, plugin: false });
  return digestOf(await packedFiles({ directory, pack: facts.pack }));
}

function refuse(name: string, problems: readonly VpError[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw errors.VP_PUBLISH_NOT_READY({
    package: name,
    problems: problems.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`)),
  });
}

function requireHigher({ pack }: PackageFacts, known: PackageDocument, tag: string): void {
  const { name, version } = pack;
  const published = Object.keys(known.versions);
  if (published.includes(version))
    throw errors.VP_PUBLISH_EXISTS({ package: name, version, latest: version });
  if (tag !== 'latest') return;
  const highest = semver.rsort(published.filter((each) => semver.prerelease(each) === null))[0];
  if (highest !== undefined && semver.lt(version, highest))
    throw errors.VP_PUBLISH_EXISTS({ package: name, version, latest: highest });
}

async function upload(init: {
  readonly request: PublishRequest;
  readonly facts: PackageFacts;
  readonly files: readonly PackedFile[];
  readonly tarball: Buffer;
  readonly target: Target;
  readonly tag: string;
}): Promise<PackageDocument['versions'][string] | undefined> {
  const { request, facts, files, tarball, target, tag } = init;
  const { name, version } = facts.pack;
  const { publish } = await import('libnpmpublish');
  const readme = files.find(({ path }) => /^readme(\.md)?$/i.test(path));
  const document = {
    ...facts.pack,
    ...(readme === undefined
      ? {}
      : { readme: Buffer.from(readme.bytes).toString('utf8'), readmeFilename: readme.path }),
  };
  try {
    await publish(document, tarball, { ...target.options, defaultTag: tag });
  } catch (cause) {
    throw registryError(cause, { name, registry: target.registry });
  }
  if (request.wait === false) return undefined;
  return await untilVisible(target, { name, version, isPlugin: facts.manifest !== undefined });
}
