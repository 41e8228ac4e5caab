import { posix } from 'node:path';
import type { ImportSite } from './imports.ts';
import type { Workspace } from './repo.ts';

interface Rule {
  /** Packages of this repository, or of npm, that the sources may import. */
  readonly may: readonly string[];
  /** Further ones for the folder `src/testing`, which is published for other people's tests. */
  readonly testing?: readonly string[];
  /** `declared`: any package that package.json declares; `listed`: only those in `may`. */
  readonly thirdParty: 'declared' | 'listed';
  readonly because: string;
}

const testTools = ['vitest', 'fast-check', '@vp/plugin-sdk/testing'];

const plugin: Rule = {
  may: ['@vp/plugin-sdk'],
  thirdParty: 'declared',
  because:
    'a plugin imports @vp/plugin-sdk alone and reaches other plugins through services and extension points',
};

const rules: Readonly<Record<string, Rule>> = {
  contracts: {
    may: [],
    thirdParty: 'declared',
    because: 'contracts is what everybody else stands on and imports no package of this repository',
  },
  kernel: {
    may: ['@vp/contracts', 'tsyringe', 'reflect-metadata', 'tapable', 'zod', 'semver'],
    thirdParty: 'listed',
    because: 'what needs more than contracts, tsyringe, tapable, zod and semver is a plugin',
  },
  'plugin-sdk': {
    may: ['@vp/contracts'],
    testing: ['@vp/kernel', 'vitest', 'fast-check'],
    thirdParty: 'listed',
    because: 'the SDK is contracts alone; only its ./testing folder runs a kernel',
  },
  isolation: {
    may: ['@vp/contracts'],
    thirdParty: 'declared',
    because: 'the isolation host carries contracts across a process boundary and knows nothing else',
  },
  installer: {
    may: ['@vp/contracts', '@vp/kernel'],
    thirdParty: 'declared',
    because: 'the installer stands beside the kernel: it writes what the kernel verifies',
  },
  registry: {
    may: ['@vp/contracts'],
    thirdParty: 'declared',
    because: 'the registry knows contracts alone',
  },
  cli: {
    may: ['@vp/contracts', '@vp/kernel', '@vp/installer', '@vp/isolation', '@vp/registry'],
    thirdParty: 'declared',
    because: 'the command starts a kernel and reaches every feature through it, so a plugin can be left out',
  },
};

const ruleFor = (dir: string) => (dir.startsWith('plugins/') ? plugin : rules[dir]);

const isTestFile = (file: string) => /\.(?:test|test-d|bench)\.ts$|^test\//.test(file);

const isTool = (file: string) => !file.startsWith('src/') && !file.startsWith('bin/') && !isTestFile(file);

const packageName = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

interface Question {
  readonly workspace: Workspace;
  /** All names of this repository's packages: they are never "third party". */
  readonly own: ReadonlySet<string>;
  /** Relative to the package. */
  readonly file: string;
  readonly site: ImportSite;
}

/** Says why an import is not allowed, or `undefined` when it is. */
export function objection({ workspace, own, file, site }: Question): string | undefined {
  const { dir, manifest } = workspace;
  const { specifier } = site;
  if (specifier.startsWith('node:') || specifier.startsWith('#')) return undefined;
  if (specifier.startsWith('.')) {
    const leaves = posix.join(posix.dirname(file), specifier).startsWith('..');
    return leaves
      ? 'a relative path does not leave its package: import the other package by its name'
      : undefined;
  }

  const rule = ruleFor(dir);
  if (!rule) return `${dir} has no import rule: add one to scripts/lib/import-rule.ts`;
  const name = packageName(specifier);
  if (name === manifest.name) return undefined;

  const test = isTestFile(file);
  if (test && testTools.includes(specifier)) return undefined;
  if (specifier === '@vp/plugin-sdk/testing') return 'test helpers belong into test files';
  if (rule.may.includes(name)) return undefined;
  if (file.startsWith('src/testing/') && rule.testing?.includes(name)) return undefined;
  if (own.has(name)) return rule.because;

  const tooling = test || isTool(file);
  if (rule.thirdParty === 'listed' && !tooling) return rule.because;
  const { dependencies, peerDependencies, devDependencies } = manifest;
  const declared = { ...dependencies, ...peerDependencies, ...(tooling ? devDependencies : {}) };
  if (name in declared) return undefined;
  return `${dir}/package.json does not declare ${name}${tooling ? '' : ' in dependencies or peerDependencies'}`;
}
