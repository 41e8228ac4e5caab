import type { KernelInit } from '@vp/kernel';
import type { LoadedProject } from '../project/index.ts';
import { linkedPlugins } from '../project/linked-plugins.ts';
import { killListAsker } from './kill-lists.ts';

/** What every kernel of the `vp` command has beside its configuration. */
export function hostParts(request: {
  readonly project: LoadedProject;
  readonly note: (line: string) => void;
}): Pick<KernelInit, 'pluginDirectories' | 'killLists' | 'isolate'> {
  const { project, note } = request;
  const { policy } = project.config.values;
  return {
    pluginDirectories: linkedPlugins(project.dir),
    killLists: killListAsker({ dir: project.dir, maxAge: policy.kill_list_max_age, note }),
    isolate: async () => (await import('@vp/isolation')).isolate,
  };
}
