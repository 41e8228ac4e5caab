import type { Payload } from '@vp/contracts';
import type { ContributionInfo } from '../host.ts';
import { pluginError, type StepScope } from './scope.ts';

/**
 * A payload that a plugin produces while another one consumes it: what fails within is the
 * producer's, and not of whoever happens to pull.
 */
export function producedBy(payload: Payload, info: ContributionInfo, scope: StepScope): Payload {
  if (payload.carrier === 'rows') return { ...payload, batches: named(payload.batches, info, scope) };
  if (payload.carrier === 'stream') return { ...payload, stream: named(payload.stream, info, scope) };
  return payload;
}

async function* named<T>(
  items: AsyncIterable<T>,
  info: ContributionInfo,
  { signal, step }: StepScope,
): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    if (signal.aborted) throw error;
    throw pluginError(error, info, `step ${step.id}`);
  }
}
