import type { CallContext, CheckReport } from '@vp/contracts';
import { objectOf } from '../../wire/payload.ts';
import type { Instance } from './instance.ts';

/** The `check` that most points have. */
export async function checkReport(instance: Instance, context: CallContext): Promise<CheckReport> {
  const report = await instance.call({ method: 'check', context });
  return await instance.garbage('check', () => {
    const { ok, message, hint, latencyMs } = objectOf(report, 'a report');
    return {
      ok: ok === true,
      message: typeof message === 'string' ? message : '',
      ...(typeof hint === 'string' ? { hint } : {}),
      ...(typeof latencyMs === 'number' ? { latencyMs } : {}),
    };
  });
}
