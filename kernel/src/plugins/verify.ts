import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { points, type VpError } from '@vp/contracts';
import { contributionKeys, type PluginPackage } from '@vp/contracts/manifest';
import semver from 'semver';
import type { Integrity } from '../integrity/index.ts';
import type { Isolation } from '../isolation/index.ts';
import { contributionsOf } from './contributions.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';

/** What a plugin is held against. */
export interface VerifyContext {
  readonly versions: { readonly vp: string; readonly node: string };
  /** Why the deployment's grants do not cover what the manifest asks for. */
  readonly permissions: (request: {
    readonly plugin: string;
    readonly manifest: PluginPackage['vp'];
    readonly directory: string;
  }) => VpError | undefined;
  readonly integrity?: Integrity;
  readonly isolation?: Isolation;
}

/** Contract majors that this kernel serves: the present one and the one before. */
const served: ReadonlyMap<string, readonly number[]> = new Map(
  Object.values(points).map((point) => [
    point.id,
    point.major > 1 ? [point.major - 1, point.major] : [point.major],
  ]),
);

/** Whether a plugin, by its manifest alone, can be used here. The first reason why not. */
export function verify(plugin: Plugin, context: VerifyContext): VpError | undefined {
  return (
    verifyEngines(plugin, context.versions) ??
    verifyModule(plugin) ??
    verifyContracts(plugin) ??
    context.permissions({ plugin: plugin.name, manifest: plugin.manifest, directory: plugin.folder }) ??
    verifyPolicy(plugin, context) ??
    verifyIsolation(plugin, context)
  );
}

/** What can be said of a manifest that lies in no folder yet. */
export function verifyBare(plugin: Plugin, versions: VerifyContext['versions']): VpError | undefined {
  return verifyEngines(plugin, versions) ?? verifyModuleType(plugin) ?? verifyContracts(plugin);
}

const origins = { lock: 'vp.lock', node_modules: 'from node_modules', link: 'a linked folder', memory: '' };

function verifyPolicy(plugin: Plugin, { integrity }: VerifyContext): VpError | undefined {
  const { name, packageName, origin } = plugin;
  if (origin === undefined || origin === 'memory') return undefined;
  const version = plugin.package?.version ?? '';
  return integrity?.admit({
    name,
    from: origins[origin],
    isLocked: origin === 'lock',
    package: { name: packageName, version },
  });
}

function verifyIsolation(plugin: Plugin, { isolation }: VerifyContext): VpError | undefined {
  // What is at hand in this process runs in it.
  if (plugin.package === undefined || plugin.origin === 'memory' || isolation === undefined) return undefined;
  const { name, label } = plugin;
  plugin.isolation = isolation.mode({ plugin: name, package: plugin.package });
  return isolation.refusal({ plugin: name, label, package: plugin.package });
}

function place(plugin: Plugin, pointer: string) {
  return {
    plugin: plugin.label,
    phase: 'verify',
    at: { file: join(plugin.folder, 'package.json'), pointer },
  };
}

function verifyEngines(plugin: Plugin, versions: VerifyContext['versions']): VpError | undefined {
  const { label } = plugin;
  const engines = plugin.package?.engines ?? {};
  const version = plugin.package?.version ?? '';
  if (semver.valid(version) === null) {
    const what = `version of ${plugin.name}`;
    return errors.VP_PLUGIN_BAD_RANGE({ text: version, what }, place(plugin, '/version'));
  }
  if (engines.vp === undefined) {
    return errors.VP_PLUGIN_ENGINE_OPEN({ plugin: label, wants: 'missing' }, place(plugin, '/engines'));
  }
  for (const engine of ['vp', 'node'] as const) {
    const wants = engines[engine];
    if (wants === undefined) continue;
    const at = place(plugin, `/engines/${engine}`);
    const verdict = judge(wants, versions[engine]);
    if (verdict === 'unreadable') {
      return errors.VP_PLUGIN_BAD_RANGE({ text: wants, what: `engines.${engine} of ${label}` }, at);
    }
    if (engine === 'vp' && verdict === 'open') {
      return errors.VP_PLUGIN_ENGINE_OPEN({ plugin: label, wants: `"${wants}"` }, at);
    }
    if (verdict === 'unmet') {
      return errors.VP_PLUGIN_ENGINE({ plugin: label, engine, wants, has: versions[engine] }, at);
    }
  }
  return undefined;
}

/** `open`: met, and by every later major too, so it promises to work with what nobody has seen. */
type Verdict = 'unreadable' | 'unmet' | 'open' | 'met';

const verdicts = new Map<string, Verdict>();

/** Most plugins have the same few ranges, and semver takes its time over each. */
function judge(range: string, version: string): Verdict {
  const key = `${version} ${range}`;
  let verdict = verdicts.get(key);
  if (verdict === undefined) {
    verdict = judgeOnce(range, version);
    verdicts.set(key, verdict);
  }
  return verdict;
}

function judgeOnce(range: string, version: string): Verdict {
  if (semver.validRange(range) === null) return 'unreadable';
  if (!semver.satisfies(version, range, { includePrerelease: true })) return 'unmet';
  return semver.intersects(range, '>=1000.0.0', { includePrerelease: true }) ? 'open' : 'met';
}

function verifyModule(plugin: Plugin): VpError | undefined {
  if (plugin.entry.definition !== undefined) return undefined;
  const { entry } = plugin.manifest;
  const wrong = verifyModuleType(plugin);
  if (wrong !== undefined || existsSync(join(plugin.folder, entry))) return wrong;
  return errors.VP_PLUGIN_ENTRY_MISSING({ plugin: plugin.label, entry }, place(plugin, '/vp/entry'));
}

function verifyModuleType(plugin: Plugin): VpError | undefined {
  const { entry } = plugin.manifest;
  const isModule = /\.m[jt]s$/.test(entry) || (/\.[jt]s$/.test(entry) && plugin.package?.type === 'module');
  if (!isModule) {
    const why = /\.c[jt]s$/.test(entry)
      ? 'its name ends in .cjs'
      : /\.[jt]s$/.test(entry)
        ? 'the package.json does not say "type": "module"'
        : 'its name does not end in .js or .mjs';
    return errors.VP_PLUGIN_NOT_ESM({ plugin: plugin.label, entry, why }, place(plugin, '/type'));
  }
  return undefined;
}

function verifyContracts(plugin: Plugin): VpError | undefined {
  for (const { key, point, pointer, manifest } of contributionsOf(plugin)) {
    const at = place(plugin, `${pointer}/contract`);
    const { id, contract } = manifest;
    const { plugin: label } = at;
    if (key !== 'extensions' && contributionKeys[key] !== point) {
      const wanted = contributionKeys[key];
      return errors.VP_PLUGIN_CONTRACT_KEY({ plugin: label, id, contract, key, point: wanted }, at);
    }
    const majors = served.get(point);
    if (majors !== undefined && !majors.includes(Number(contract.split('@')[1]))) {
      const serves = majors.map((major) => `${point}@${major}`);
      return errors.VP_PLUGIN_CONTRACT({ plugin: label, id, contract, serves }, at);
    }
  }
  return undefined;
}
