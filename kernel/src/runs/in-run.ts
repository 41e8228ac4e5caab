import type { Logger } from '@vp/contracts';
import type { PluginHost } from '../host.ts';

/** Does `work` with the plugins as one run sees them, then closes what was made for the run alone. */
export async function inRun<Deps extends { readonly host: PluginHost; readonly logger: Logger }, Result>(
  deps: Deps,
  runId: string,
  work: (deps: Deps) => Promise<Result>,
): Promise<Result> {
  const host = deps.host.forRun(runId);
  try {
    return await work({ ...deps, host });
  } finally {
    for (const error of await host.close()) deps.logger.warn(error.message);
  }
}
