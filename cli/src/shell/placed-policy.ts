import type { PlacedPolicy } from '@vp/installer';
import type { ResolvedConfig } from '@vp/kernel';

/** `[policy]` with the lines of vp.toml that its rules stand in. */
export function placedPolicy(config: ResolvedConfig): PlacedPolicy {
  return { ...config.values.policy, place: (path) => config.place(path).text };
}
