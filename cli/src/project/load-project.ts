import { basename } from 'node:path';
import type { PipelineSpec, VpError } from '@vp/contracts';
import { configLayers, type ResolvedConfig, resolveConfig } from '@vp/kernel';
import { findProject } from './find-project.ts';
import { loadPipeline } from './load-pipeline.ts';

export interface LoadProjectRequest {
  /** Where to look for vp.toml, and above it; the current folder when left out. */
  readonly from?: string | undefined;
  /** `--env` */
  readonly environment?: string | undefined;
  /** `--set key=value` */
  readonly set?: readonly string[] | undefined;
  /** `process.env` when left out. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** A project whose configuration is read. Its pipeline is loaded when asked for. */
export interface LoadedProject {
  /** Absolute path of the folder. */
  readonly dir: string;
  readonly config: ResolvedConfig;
  /** Names of the `[env.<name>]` tables of vp.toml. */
  readonly environments: readonly string[];
  /**
   * The pipeline: all of it, or the closure of these assets. Selectors (`+orders`, `tag:x`, `shop.*`)
   * need all of it.
   */
  pipeline(assets?: readonly string[]): Promise<PipelineSpec>;
  /** Faults of modules that the last `pipeline(assets)` could do without. */
  skipped(): readonly VpError[];
}

/** Finds the project and resolves its configuration. Runs none of the user's code. */
export async function loadProject(request: LoadProjectRequest = {}): Promise<LoadedProject> {
  const { from = process.cwd(), environment, set = [], variables = process.env } = request;
  const { root, config: file } = await findProject(from);
  const layers = configLayers({
    file,
    variables,
    set,
    defaults: { project: { name: basename(root) } },
    ...(environment === undefined ? {} : { environment }),
  });
  const config = resolveConfig({ layers });
  let skipped: readonly VpError[] = [];
  return {
    dir: root,
    config,
    environments: Object.keys(file.values.env ?? {}),
    skipped: () => skipped,
    async pipeline(assets = []) {
      const areNames = assets.length > 0 && assets.every((asset) => /^[a-z][a-z0-9_.]*$/.test(asset));
      const paths = config.values.project.pipeline;
      const loaded = await loadPipeline({ root, paths, ...(areNames ? { assets } : {}) });
      skipped = loaded.skipped;
      return loaded.pipeline;
    },
  };
}
