import type { JsonObject, PipelineSpec } from '@vp/contracts';
import type { ContributionFact } from './plugin-facts.ts';

/** An asset or a publish that names something that a plugin brings. */
export interface PluginUser {
  /** `raw_orders`, `publish daily` */
  readonly name: string;
  readonly point: string;
  readonly id: string;
  /** The options that it gives to it; none where it only names it. */
  readonly options?: JsonObject;
}

/** Assets and publishes that name something that a plugin brings, once for each thing. */
export function pluginUsers(
  pipeline: PipelineSpec,
  brings: readonly ContributionFact[],
): readonly PluginUser[] {
  const has = (point: string, id: string | undefined) =>
    brings.some((each) => each.point === point && each.id === id);
  const assets = pipeline.assets.flatMap(({ name, compute, engine }): PluginUser[] => {
    const uses: PluginUser[] = [];
    if (engine !== undefined && has('engine', engine)) uses.push({ name, point: 'engine', id: engine });
    if ((compute.kind === 'source' || compute.kind === 'transform') && has(compute.kind, compute.use))
      uses.push({ name, point: compute.kind, id: compute.use, options: compute.options });
    return uses;
  });
  const publishes = pipeline.publish
    .filter(({ use }) => has('sink', use))
    .map(({ name, use, options }) => ({ name: `publish ${name}`, point: 'sink', id: use, options }));
  return [...assets, ...publishes];
}
