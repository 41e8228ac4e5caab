import type { Alert, AlertSeverity, CheckResult, JsonObject, StepResult, VpEvent } from '@vp/contracts';

/** What an event says about a problem: that it is there, or that it is gone. */
export type Observation =
  | {
      readonly kind: 'problem';
      readonly key: string;
      readonly severity: AlertSeverity;
      readonly title: string;
      readonly text: string;
      readonly asset?: string;
      readonly details?: JsonObject;
    }
  | { readonly kind: 'recovery'; readonly key: string };

export const runKey = (project: string): string => `run:${project}`;
const checkKey = (stepId: string, check: string): string => `check:${stepId}:${check}`;
const stepKey = (stepId: string): string => `step:${stepId}`;

/** The step that a problem is of; none for a run's. */
export function stepOf(key: string): string | undefined {
  if (key.startsWith('step:')) return key.slice('step:'.length);
  // Neither names of assets nor texts of partitions have a colon, names of checks may.
  return key.startsWith('check:') ? key.split(':')[1] : undefined;
}

/** Of the problems that are open, those that the end of a step shows to be over. */
export function outlived(result: StepResult, open: Iterable<Alert>): readonly string[] {
  const { stepId, status, checks = [] } = result;
  const mine = [...open].filter(({ key }) => key.startsWith(checkKey(stepId, '')));
  if (status === 'succeeded') {
    // Its checks now are all there are.
    const told = new Set(checks.map(({ check }) => checkKey(stepId, check)));
    return mine.map(({ key }) => key).filter((key) => !told.has(key));
  }
  if (status !== 'skipped') return [];
  // What is up to date has been published, so that no check stood against it; warnings may have.
  return mine.filter(({ severity }) => severity !== 'warn' && severity !== 'info').map(({ key }) => key);
}

/** What an event says about problems; most say nothing. */
export function observe(event: VpEvent, project: string): readonly Observation[] {
  switch (event.type) {
    case 'check.finished':
      return [ofCheck(event.stepId ?? event.asset, event.asset, event.result)];
    case 'step.finished':
      return ofStep(event.result);
    case 'run.finished': {
      const { run } = event;
      const key = runKey(project);
      if (run.status === 'succeeded') return [{ kind: 'recovery', key }];
      if (run.status !== 'failed') return [];
      const { failed, blocked } = run.steps;
      const what = run.selection === '' ? '' : ` (${run.selection})`;
      return [
        {
          kind: 'problem',
          key,
          severity: 'critical',
          title: `Run of ${project} failed`,
          text: `Run ${run.id}${what}: ${failed} steps failed, ${blocked} were not reached. ${run.error?.message ?? ''}`.trim(),
          ...(run.error === undefined ? {} : { details: { code: run.error.code } }),
        },
      ];
    }
    default:
      return [];
  }
}

function ofCheck(stepId: string, asset: string, result: CheckResult): Observation {
  const key = checkKey(stepId, result.check);
  if (result.status === 'passed') return { kind: 'recovery', key };
  return {
    kind: 'problem',
    key,
    severity: result.severity,
    title: `Check ${result.check} of ${stepId} ${result.status === 'error' ? 'could not be evaluated' : 'failed'}`,
    text: result.message,
    asset,
    details: { failures: result.failures, rows: result.rows, sample: result.sample ?? [] },
  };
}

const toldByChecks: ReadonlySet<string> = new Set(['VP_CHECKS_FAILED', 'VP_CHECKS_NOT_EVALUATED']);

/** A step that failed because of its checks has told of them already. */
function ofStep({ stepId, asset, status, error }: StepResult): readonly Observation[] {
  const key = stepKey(stepId);
  if (status === 'succeeded' || status === 'skipped') return [{ kind: 'recovery', key }];
  if (status !== 'failed' || toldByChecks.has(error?.code ?? '')) return [];
  return [
    {
      kind: 'problem',
      key,
      severity: 'error',
      title: `${stepId} failed`,
      text: [error?.message, error?.hint].filter((line) => line !== undefined).join('\n'),
      asset,
      details: { code: error?.code ?? 'unknown' },
    },
  ];
}
