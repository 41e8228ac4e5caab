import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { VpError } from '@vp/contracts';
import semver from 'semver';
import { errors } from './errors.ts';
import { namedFiles, type PackageFacts } from './package-facts.ts';
import type { PackedFile } from './packed-files.ts';

/** What npm runs in somebody else's node_modules. */
const installScripts = ['preinstall', 'install', 'postinstall'];

/** Everything for which a registry's gate would refuse the package, as far as it can be known here. */
export function publishProblems(
  facts: PackageFacts,
  files: readonly PackedFile[],
  options: { readonly withoutReport?: boolean } = {},
): readonly VpError[] {
  const { pack } = facts;
  const { name, version } = pack;
  const problems: VpError[] = [];
  if (semver.valid(version) !== version) problems.push(errors.VP_PUBLISH_VERSION({ package: name, version }));
  if (pack.private === true) problems.push(errors.VP_PUBLISH_PRIVATE({ package: name }));
  if (typeof pack.license !== 'string' || pack.license === '')
    problems.push(errors.VP_PUBLISH_NO_LICENSE({ package: name }));
  const scripts = installScripts.filter((script) => pack.scripts?.[script] !== undefined);
  if (files.some(({ path }) => path === 'binding.gyp')) scripts.push('binding.gyp');
  if (scripts.length > 0) problems.push(errors.VP_PUBLISH_SCRIPTS({ package: name, scripts }));
  problems.push(...dependencyProblems(facts), ...fileProblems(facts, files));
  const report = facts.manifest?.conformance?.replace(/^\.\//, '');
  if (report !== undefined && options.withoutReport !== true && !files.some(({ path }) => path === report)) {
    const exists = existsSync(join(facts.directory, report));
    problems.push(errors.VP_PUBLISH_REPORT_MISSING({ package: name, file: report, exists }));
  }
  return problems;
}

function dependencyProblems({ pack }: PackageFacts): readonly VpError[] {
  const { name } = pack;
  const bundled: unknown = pack.bundleDependencies ?? pack.bundledDependencies;
  const inBundle = Array.isArray(bundled) ? bundled.map(String) : [];
  const all = { ...pack.dependencies, ...pack.optionalDependencies, ...pack.peerDependencies };
  const places = Object.entries(all).filter(([, spec]) => /^(file|link|workspace|portal):/.test(spec));
  return [
    ...inBundle.map((dependency) =>
      errors.VP_PUBLISH_DEPENDENCY({ package: name, dependency, problem: 'is bundled' }),
    ),
    ...places.map(([dependency, spec]) =>
      errors.VP_PUBLISH_DEPENDENCY({ package: name, dependency, problem: `is named by a place, ${spec}` }),
    ),
  ];
}

function fileProblems(facts: PackageFacts, files: readonly PackedFile[]): readonly VpError[] {
  const { directory, manifest, pack } = facts;
  const { name } = pack;
  const problems: VpError[] = files
    .filter(({ path }) => isSecret(basename(path)))
    .map(({ path }) => errors.VP_PUBLISH_SECRET_FILE({ package: name, file: path }));
  if (manifest === undefined) return problems;

  if (pack.type !== 'module') problems.push(errors.VP_PUBLISH_NOT_MODULE({ package: name }));
  const range = pack.engines?.vp ?? '';
  if (!pinsMajor(range)) problems.push(errors.VP_PUBLISH_ENGINES({ package: name, range }));
  for (const { what, path } of namedFiles(manifest)) {
    if (files.some((file) => file.path === path || file.path.startsWith(`${path}/`))) continue;
    const exists = existsSync(join(directory, path));
    problems.push(errors.VP_PUBLISH_FILE_MISSING({ package: name, what, file: path, exists }));
  }
  if (/\.[cm]?ts$/.test(manifest.entry))
    problems.push(errors.VP_PUBLISH_TYPESCRIPT_ENTRY({ package: name, file: manifest.entry }));
  return problems;
}

const isSecret = (file: string) =>
  (/^\.env(\..+)?$/.test(file) && !/\.(example|sample|template)$/.test(file)) ||
  /^id_(rsa|dsa|ecdsa|ed25519)$|\.(pem|p12|pfx)$/.test(file);

function pinsMajor(range: string): boolean {
  const lowest = semver.validRange(range) === null || range === '' ? null : semver.minVersion(range);
  return lowest !== null && semver.subset(range, `^${lowest.version}`);
}
