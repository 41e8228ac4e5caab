import type { ActivateContext } from '@vp/contracts';
import type { ServiceScopeHandle } from '../services/index.ts';
import { fromThrown } from '../support/thrown.ts';
import { timeLimit } from '../support/time-limit.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';

/** Runs a loaded plugin's `activate`, within its time. */
export async function runActivate(init: {
  readonly plugin: Plugin;
  readonly services: ServiceScopeHandle;
  readonly timeoutMs: number;
}): Promise<void> {
  const { plugin, services, timeoutMs } = init;
  const { definition, label } = plugin;
  if (definition?.activate === undefined) return;
  const context = { plugin: label, phase: 'activate' };
  let callbacks = 0;
  try {
    await timeLimit(
      async () => {
        const activateContext: ActivateContext = {
          deps: await services.all(definition.deps ?? {}),
          signal: plugin.controller.signal,
          onStop: (dispose) => plugin.disposals.push(`onStop callback ${++callbacks}`, dispose),
        };
        await definition.activate?.(activateContext);
      },
      {
        ms: timeoutMs,
        late: (ms) => errors.VP_PLUGIN_ACTIVATE_TIMEOUT({ plugin: label, ms }, context),
      },
    );
  } catch (error) {
    throw fromThrown(error, context, (reason, where) =>
      errors.VP_PLUGIN_ACTIVATE_FAILED({ plugin: label, reason }, where),
    );
  }
}
