import type { VpEvent } from '@vp/contracts';

/** Progress is for those who watch; now and then is enough for those who read it later. */
const progressInterval = 2_000;

/** Which events of this process the store keeps with a run: its own, and those of no run. */
export function storedEvents(runId: string): (event: VpEvent) => boolean {
  const lastProgress = new Map<string, number>();
  return (event) => {
    if (event.runId !== undefined && event.runId !== runId) return false;
    if (event.type !== 'step.progress') return true;
    const { stepId = '', at } = event;
    const last = lastProgress.get(stepId);
    lastProgress.set(stepId, last ?? at);
    if (last === undefined || at - last < progressInterval) return false;
    lastProgress.set(stepId, at);
    return true;
  };
}
