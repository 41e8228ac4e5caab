import type { KeyExplanation } from '@vp/kernel';
import { loadProject } from '../project/index.ts';
import type { ProjectFlags } from './session.ts';

/** What each layer says of a key, of the keys of a section, or of all. No plugin is looked at. */
export async function explained(
  flags: ProjectFlags,
  key: string | undefined,
): Promise<readonly KeyExplanation[]> {
  const { config } = await loadProject({ from: flags.project, environment: flags.env, set: flags.set });
  if (key !== undefined) return config.explain(key);
  return Object.keys(config.merged)
    .sort()
    .flatMap((section) => config.explain(section));
}
