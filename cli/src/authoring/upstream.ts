import type { AssetSpec } from '@vp/contracts';

/** Shared by all copies of this package, as a project and the `vp` command may each have one. */
const UPSTREAM = Symbol.for('vp.upstream');

/** Remembers the asset objects behind a spec that names them, without showing in its JSON. */
export function rememberUpstream<T extends object>(target: T, assets: readonly AssetSpec[]): T {
  return Object.defineProperty(target, UPSTREAM, { value: assets });
}

/** The asset objects that a spec was made from: inputs of an asset, the asset of a publish. */
export function upstreamOf(spec: object): readonly AssetSpec[] {
  const found: unknown = Reflect.get(spec, UPSTREAM);
  return Array.isArray(found) ? found : [];
}

/** The assets and everything upstream of them, upstream first, each object once. */
export function withUpstream(assets: readonly AssetSpec[]): readonly AssetSpec[] {
  const done = new Set<AssetSpec>();
  const entered = new Set<AssetSpec>();
  const stack = assets.map((asset) => ({ asset, leaving: false })).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.leaving) done.add(next.asset);
    if (entered.has(next.asset)) continue;
    entered.add(next.asset);
    stack.push({ asset: next.asset, leaving: true });
    for (const asset of upstreamOf(next.asset)) stack.push({ asset, leaving: false });
  }
  return [...done];
}
