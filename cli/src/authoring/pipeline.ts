import { type AssetSpec, hasBrand, type PipelineSpec, type PublishSpec } from '@vp/contracts';
import { errors } from './errors.ts';
import { formatOrigin } from './origin.ts';
import { upstreamOf, withUpstream } from './upstream.ts';
import { checkKeys, describeValue } from './validate.ts';

/**
 * The assets and publishes of a project in one object. What the assets are computed from comes along
 * by itself.
 */
export function pipeline(options: {
  readonly assets: readonly AssetSpec[];
  readonly publish?: readonly PublishSpec[];
}): PipelineSpec {
  const call = 'pipeline()';
  checkKeys(call, options, ['assets', 'publish']);
  const { assets, publish = [] } = options;
  checkItems(call, 'assets', assets, '@vp/asset', 'an asset');
  checkItems(call, 'publish', publish, '@vp/publish', 'made by publish(asset, sink(…))');
  const all = withUpstream([...assets, ...publish.flatMap(upstreamOf)]);
  checkDuplicates('assets', all);
  checkDuplicates('publishes', [...new Set(publish)]);
  return { $$type: '@vp/pipeline', version: 'v1', assets: all, publish: [...new Set(publish)] };
}

function checkItems(call: string, option: string, items: unknown, brand: string, expected: string): void {
  if (!Array.isArray(items)) {
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option,
      expected: 'an array',
      got: describeValue(items),
    });
  }
  for (const [index, item] of items.entries()) {
    if (hasBrand(item, brand)) continue;
    const got = describeValue(item);
    throw errors.VP_AUTHORING_OPTION_INVALID({ call, option: `${option}[${index}]`, expected, got });
  }
}

/** Refuses two different objects of one name. */
function checkDuplicates(what: string, specs: readonly (AssetSpec | PublishSpec)[]): void {
  const byName = new Map<string, AssetSpec | PublishSpec>();
  for (const spec of specs) {
    const other = byName.get(spec.name);
    if (other !== undefined) {
      throw errors.VP_AUTHORING_DUPLICATE({
        what,
        name: spec.name,
        first: formatOrigin(other.origin),
        second: formatOrigin(spec.origin),
      });
    }
    byName.set(spec.name, spec);
  }
}
