import { type AssetSpec, hasBrand, type PipelineSpec, type PublishSpec } from '@vp/contracts';
import { formatOrigin } from '../authoring/origin.ts';
import { upstreamOf, withUpstream } from '../authoring/upstream.ts';
import { errors } from './errors.ts';

/** What modules define, by identity: the same object reached twice is one. */
export interface Collected {
  readonly assets: ReadonlySet<AssetSpec>;
  readonly publish: ReadonlySet<PublishSpec>;
}

const isAsset = (value: unknown): value is AssetSpec => hasBrand(value, '@vp/asset');
const isPublish = (value: unknown): value is PublishSpec => hasBrand(value, '@vp/publish');
const isPipeline = (value: unknown): value is PipelineSpec => hasBrand(value, '@vp/pipeline');

/** Assets, publishes and pipelines among a module's exports, alone or in arrays, and what is upstream of them. */
export function collectExports(exports: Readonly<Record<string, unknown>>): Collected {
  const assets = new Set<AssetSpec>();
  const publish = new Set<PublishSpec>();
  const visit = (value: unknown): void => {
    if (isAsset(value)) assets.add(value);
    else if (isPublish(value)) publish.add(value);
    else if (isPipeline(value)) {
      value.assets.forEach(visit);
      value.publish.forEach(visit);
    } else if (Array.isArray(value)) value.forEach(visit);
  };
  Object.values(exports).forEach(visit);
  const all = withUpstream([...assets, ...[...publish].flatMap(upstreamOf)]);
  return { assets: new Set(all), publish };
}

/** Refuses two different objects of one name. */
export function byUniqueName<T extends AssetSpec | PublishSpec>(
  what: string,
  specs: Iterable<T>,
): Map<string, T> {
  const byName = new Map<string, T>();
  for (const spec of specs) {
    const other = byName.get(spec.name);
    if (other !== undefined && other !== spec) {
      throw errors.VP_PROJECT_DUPLICATE(
        { what, name: spec.name, first: formatOrigin(other.origin), second: formatOrigin(spec.origin) },
        spec.origin === undefined ? {} : { at: spec.origin },
      );
    }
    byName.set(spec.name, spec);
  }
  return byName;
}
