import { join } from 'node:path';
import {
  type AssetSpec,
  didYouMean,
  isVpError,
  type PipelineSpec,
  type PublishSpec,
  type VpError,
} from '@vp/contracts';
import { CodeVersions } from './code/code-versions.ts';
import { byUniqueName, type Collected, collectExports } from './collect.ts';
import { errors } from './errors.ts';
import { importModule, relativeLocation, toRelative } from './import-module.ts';
import { defaultPipelinePaths, type PipelineFile, pipelineFiles } from './pipeline-files.ts';
import { type IndexedFile, type PipelineIndex, readIndex, writeIndex } from './pipeline-index.ts';
import { sqlFileAsset } from './sql-file.ts';

export interface LoadPipelineRequest {
  /** Absolute path of the project. */
  readonly root: string;
  /** `[project] pipeline`. */
  readonly paths?: readonly string[];
  /** Load what these need and no more; all when left out. */
  readonly assets?: readonly string[];
}

export interface LoadedPipeline {
  readonly pipeline: PipelineSpec;
  /** Modules that were run, relative to the project. */
  readonly modules: readonly string[];
  /** Faults of modules that the wanted assets do not need. */
  readonly skipped: readonly VpError[];
}

/** Loads the pipeline's modules and SQL files: all, or those that the wanted assets come from. */
export async function loadPipeline(request: LoadPipelineRequest): Promise<LoadedPipeline> {
  const { root, paths = defaultPipelinePaths, assets } = request;
  const files = await pipelineFiles(root, paths);
  const indexFile = join(root, '.vp', 'cache', 'pipeline-index.json');
  const index = await readIndex(indexFile);
  const loader = new Loader({ root, files, index });
  const result = assets === undefined ? await loader.all() : await loader.closure(assets);
  const found =
    files.length === 0 ? 'there is no file' : `no asset in ${files.map((file) => file.name).join(', ')}`;
  if (result.pipeline.assets.length === 0) {
    throw errors.VP_PROJECT_EMPTY({ looked: paths.join(', '), found });
  }
  const next = loader.index();
  if (JSON.stringify(next) !== JSON.stringify(index)) await writeIndex(indexFile, next);
  return result;
}

interface ByName {
  readonly assets: ReadonlyMap<string, AssetSpec>;
  readonly publish: ReadonlyMap<string, PublishSpec>;
}

class Loader {
  readonly #root: string;
  readonly #modules: readonly PipelineFile[];
  readonly #sql: ReadonlyMap<string, AssetSpec>;
  /** What is known of files that have not changed. */
  readonly #known = new Map<string, IndexedFile>();
  readonly #versions: CodeVersions;
  readonly #loaded = new Map<string, Collected>();
  #byName: ByName | undefined;

  constructor(init: { root: string; files: readonly PipelineFile[]; index: PipelineIndex }) {
    this.#root = init.root;
    this.#versions = new CodeVersions(init.root);
    this.#modules = init.files.filter((file) => !file.name.endsWith('.sql'));
    const sql = init.files.filter((file) => file.name.endsWith('.sql')).map(sqlFileAsset);
    this.#sql = byUniqueName('assets', sql);
    for (const file of this.#modules) {
      const entry = init.index[file.name];
      if (entry?.hash === file.hash) this.#known.set(file.name, entry);
    }
  }

  async all(): Promise<LoadedPipeline> {
    for (const file of this.#modules) await this.#load(file);
    const { assets, publish } = this.#collected();
    return this.#result(assets.values(), publish.values(), []);
  }

  async closure(wanted: readonly string[]): Promise<LoadedPipeline> {
    const skipped: VpError[] = [];
    // Nobody knows yet what new and changed files define. One that fails matters only if it is needed.
    for (const file of this.#modules) {
      if (!this.#known.has(file.name)) await this.#try(file, skipped);
    }
    for (const file of this.#modules) {
      const publishes = this.#known.get(file.name)?.publishes ?? [];
      if (publishes.some((asset) => wanted.includes(asset))) await this.#load(file);
    }
    const names = await this.#reach(wanted, skipped);
    const { assets, publish } = this.#collected();
    return this.#result(
      [...assets.values()].filter((asset) => names.has(asset.name)),
      [...publish.values()].filter((each) => names.has(each.asset)),
      skipped,
    );
  }

  /** Loads file after file until everything that the wanted assets read, by object or by name, is there. */
  async #reach(wanted: readonly string[], skipped: VpError[]): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    const queue = wanted.map((name) => ({ name, by: '' }));
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { name, by } = next;
      if (names.has(name)) continue;
      names.add(name);
      const asset = this.#collected().assets.get(name) ?? (await this.#loadOwner(name, skipped));
      if (asset === undefined) {
        // It may well be in the module that could not be loaded.
        if (skipped[0] !== undefined) throw skipped[0];
        const suggestion = didYouMean(name, this.#names());
        throw errors.VP_PROJECT_ASSET_UNKNOWN({ asset: name, by, suggestion });
      }
      for (const input of asset.inputs) queue.push({ name: input.asset, by: `asset "${name}"` });
    }
    return names;
  }

  async #loadOwner(name: string, skipped: VpError[]): Promise<AssetSpec | undefined> {
    const known = this.#modules.filter((file) => this.#known.get(file.name)?.assets.includes(name));
    const owner = known.find((file) => this.#known.get(file.name)?.defines.includes(name)) ?? known[0];
    if (owner !== undefined) await this.#load(owner);
    const found = this.#collected().assets.get(name);
    if (found !== undefined) return found;
    // A module that has not changed may define it all the same, through one that it imports.
    for (const file of this.#modules) await this.#try(file, skipped);
    return this.#collected().assets.get(name);
  }

  async #try(file: PipelineFile, skipped: VpError[]): Promise<void> {
    await this.#load(file).catch((error: unknown) => {
      if (!isVpError(error)) throw error;
      if (!skipped.some((other) => other.message === error.message)) skipped.push(error);
    });
  }

  async #load(file: PipelineFile): Promise<void> {
    if (this.#loaded.has(file.name)) return;
    const collected = collectExports(await importModule(this.#root, file.path));
    this.#loaded.set(file.name, collected);
    this.#byName = undefined;
    const isHere = (spec: AssetSpec | PublishSpec): boolean =>
      spec.origin?.file !== undefined && toRelative(this.#root, spec.origin.file) === file.name;
    this.#known.set(file.name, {
      hash: file.hash,
      assets: [...collected.assets].map((asset) => asset.name),
      defines: [...collected.assets].filter(isHere).map((asset) => asset.name),
      publishes: [...collected.publish].filter(isHere).map((publish) => publish.asset),
    });
  }

  #names(): readonly string[] {
    return [...this.#sql.keys(), ...[...this.#known.values()].flatMap((file) => file.assets)];
  }

  #collected(): ByName {
    if (this.#byName !== undefined) return this.#byName;
    const loaded = [...this.#loaded.values()];
    const modules = new Set(loaded.flatMap(({ assets }) => [...assets]));
    this.#byName = {
      assets: byUniqueName('assets', [...modules, ...this.#sql.values()]),
      publish: byUniqueName('publishes', new Set(loaded.flatMap(({ publish }) => [...publish]))),
    };
    return this.#byName;
  }

  #result(
    assets: Iterable<AssetSpec>,
    publish: Iterable<PublishSpec>,
    skipped: readonly VpError[],
  ): LoadedPipeline {
    return {
      pipeline: {
        $$type: '@vp/pipeline',
        version: 'v1',
        assets: [...assets].map((asset) => this.#versioned(asset)),
        publish: [...publish].map((each) => this.#relative(each)),
      },
      modules: [...this.#loaded.keys()],
      skipped,
    };
  }

  #versioned(asset: AssetSpec): AssetSpec {
    const codeVersion = this.#versions.of(asset);
    return { ...this.#relative(asset), ...(codeVersion === undefined ? {} : { codeVersion }) };
  }

  #relative<T extends AssetSpec | PublishSpec>(spec: T): T {
    const origin = spec.origin === undefined ? {} : { origin: relativeLocation(this.#root, spec.origin) };
    if (!('checks' in spec)) return { ...spec, ...origin };
    const checks = spec.checks.map((each) =>
      each.origin === undefined ? each : { ...each, origin: relativeLocation(this.#root, each.origin) },
    );
    return { ...spec, ...origin, checks };
  }

  index(): PipelineIndex {
    return Object.fromEntries([...this.#known].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
