import { type CheckResult, defineErrors } from '@vp/contracts';

const list = (lines: readonly string[]): string => lines.map((line) => `\n  - ${line}`).join('');

/** What failed: in the sentence when it is one, else a line each. */
function failedChecks(failed: readonly CheckResult[]): string {
  const [first, ...others] = failed.map(failedCheck);
  return others.length === 0 ? ` ${first ?? ''}` : list([first ?? '', ...others]);
}

const subject = (checks: readonly unknown[]) => (checks.length === 1 ? 'A check' : `${checks.length} checks`);

/** `not_null(id): 3 of 100 rows break it. First: {"id":null}` */
function failedCheck(result: CheckResult): string {
  const [sample] = result.sample ?? [];
  return `${result.check}: ${result.message}${sample === undefined ? '' : ` For example ${JSON.stringify(sample)}`}`;
}

export const { errors, table: stepErrorTable } = defineErrors({
  VP_STEP_UNKNOWN: {
    class: 'internal',
    summary: 'An executor asked for a step that the plan does not have.',
    message: (p: { step: string }) => `The plan has no step "${p.step}".`,
    hint: () => 'The fault is in the executor: it may only run steps of the plan that it was given.',
  },
  VP_STEP_INPUT_MISSING: {
    class: 'user',
    summary: 'A step cannot run because an input has no data.',
    message: (p: { step: string; input: string; asset: string }) =>
      `${p.step} needs ${p.input}, which has no data.`,
    hint: (p) => `Compute it first: vp run +${p.asset}`,
  },
  VP_STEP_CLOSE_TIMEOUT: {
    class: 'plugin',
    summary: 'What a step had opened was not closed in time; the run went on without waiting.',
    message: (p: { ms: number }) => `It took longer than ${p.ms} ms.`,
    hint: () => "Report it to the plugin's author. What it holds is freed when the process ends.",
  },
  VP_PLUGIN_THREW: {
    class: 'plugin',
    summary: 'A plugin threw something that is no VpError.',
    message: (p: { plugin: string; point: string; id: string; reason: string }) =>
      `${p.point} "${p.id}" of ${p.plugin} failed: ${p.reason}`,
    hint: (p) => `If this is not your data or code, report it to the author of ${p.plugin}.`,
  },
  VP_KERNEL_UNEXPECTED: {
    class: 'internal',
    summary: 'The kernel met an error that it did not expect.',
    message: (p: { reason: string }) => `Unexpected: ${p.reason}`,
    hint: () => 'Please report it, with the output of `vp doctor`.',
  },
  VP_SOURCE_STREAM_MISSING: {
    class: 'data',
    summary: 'A source has nothing of the name that an asset reads.',
    message: (p: { asset: string; source: string; options: string }) =>
      `The source ${p.source} of asset "${p.asset}" has nothing at ${p.options}.`,
    hint: () => 'Check the path or table name; `vp doctor` tests the connections.',
  },
  VP_SOURCE_UNBOUNDED: {
    class: 'config',
    summary: 'An asset of kind table reads a stream that never ends.',
    message: (p: { asset: string; stream: string }) =>
      `Asset "${p.asset}" keeps whole snapshots, but its source ${p.stream} never ends.`,
    hint: () => 'Read a bounded part of it.',
  },
  VP_SCHEMA_MISMATCH: {
    class: 'data',
    summary: 'The data of an asset does not have the columns that it declares.',
    message: (p: { asset: string; problems: readonly string[] }) =>
      `The data of "${p.asset}" does not fit its declared schema:${list(p.problems)}`,
    hint: () => 'Correct the schema or the computation. Nothing was published.',
  },
  VP_CHECKS_FAILED: {
    class: 'data',
    summary: 'Checks of severity error failed, so the new data was not published.',
    message: (p: { asset: string; failed: readonly CheckResult[]; hasSnapshot: boolean }) =>
      `${subject(p.failed)} of "${p.asset}" failed:${failedChecks(p.failed)}`,
    hint: (p) =>
      `${p.hasSnapshot ? 'The last good snapshot stays' : 'Nothing was published'}. Look at the rows, then run again: vp run ${p.asset}+`,
  },
  VP_CHECKS_NOT_EVALUATED: {
    class: 'config',
    summary: 'Checks of severity error could not be evaluated, so the new data was not published.',
    message: (p: { asset: string; failed: readonly CheckResult[]; hasSnapshot: boolean }) =>
      `${subject(p.failed)} of "${p.asset}" could not be evaluated:${failedChecks(p.failed)}`,
    hint: (p) =>
      `${p.hasSnapshot ? 'The last good snapshot stays' : 'Nothing was published'}. Correct the ${p.failed.length === 1 ? 'check' : 'checks'}, then run again: vp run ${p.asset}+`,
  },
  VP_CHECKS_RAN_NOTHING: {
    class: 'plugin',
    summary: 'A validator was given checks and evaluated none.',
    message: (p: { asset: string; validator: string; checks: number }) =>
      `The validator "${p.validator}" was given ${p.checks} checks of "${p.asset}" and evaluated none.`,
    hint: () => 'Nothing was published. Use the rules of another validator, and report it to its author.',
  },
  VP_VALIDATOR_INVALID_RESULT: {
    class: 'plugin',
    summary: 'A validator gave something that is no check result.',
    message: (p: { validator: string; problem: string }) =>
      `The validator "${p.validator}" gave an invalid result: ${p.problem}.`,
    hint: () => 'Nothing was published. Use the rules of another validator, and report it to its author.',
  },
  VP_TRANSFORM_OUTPUT_MISSING: {
    class: 'plugin',
    summary: 'A transform gave no data for an asset that keeps data.',
    message: (p: { asset: string; transform: string }) =>
      `The transform "${p.transform}" gave no data for the asset "${p.asset}".`,
    hint: () => "If there is none to give, declare the asset with materialize: 'none'.",
  },
  VP_TRANSFORM_FORMAT_REFUSED: {
    class: 'plugin',
    summary: 'A transform gave its data in a format that the engine does not take.',
    message: (p: { transform: string; format: string; engine: string; accepts: readonly string[] }) =>
      `The transform "${p.transform}" gave "${p.format}", but the engine ${p.engine} takes ${p.accepts.join(', ')}.`,
    hint: (p) =>
      `Report it to the author of the transform "${p.transform}", whose manifest promises another format.`,
  },
  VP_PUBLISH_LOSSY: {
    class: 'config',
    summary: 'Publishing would lose something that is not allowed by name.',
    message: (p: {
      publish: string;
      location: string;
      losses: readonly string[];
      names: readonly string[];
    }) => `Publishing "${p.publish}" to ${p.location} would change the data:${list(p.losses)}`,
    hint: (p) =>
      p.names.length === 0
        ? 'Cast the columns, or change the destination.'
        : `Allow it by name: allowLoss: ${JSON.stringify(p.names)}, or change the destination.`,
  },
});
