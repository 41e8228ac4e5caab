/**
 * Runs a package's conformance in a process of its own, for `vp plugins conformance`: a plugin that hangs
 * or crashes takes nobody along. Arguments: the module, and the laws to run as JSON. It tells its parent
 * how it goes, one {@link RunnerMessage} after the other.
 */
import { describeThrown, isVpError } from '@vp/contracts';
import type { ConformanceReport } from '@vp/contracts/registry';
import { loadConformance } from './definition/load.ts';
import { type ContributionUnderTest, runDefinition } from './definition/run-definition.ts';
import type { LawResult } from './run.ts';

/** What the runner tells. */
export type RunnerMessage =
  | {
      readonly type: 'law';
      readonly of: ContributionUnderTest;
      readonly law: Omit<LawResult, 'error'> & { readonly problem?: string };
    }
  | { readonly type: 'done'; readonly contributions: ConformanceReport['contributions'] }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly hint?: string };

const [file = '', laws = 'null'] = process.argv.slice(2);
await tell(await run());
// What a subject has left open does not keep the process.
process.exit();

async function run(): Promise<RunnerMessage> {
  try {
    const wanted: readonly string[] | null = JSON.parse(laws);
    const contributions = await runDefinition(await loadConformance(file), {
      ...(wanted === null ? {} : { laws: wanted }),
      onLaw: ({ error, ...law }, of) =>
        void tell({
          type: 'law',
          of,
          law: { ...law, ...(error === undefined ? {} : { problem: error.message }) },
        }),
    });
    return { type: 'done', contributions };
  } catch (error) {
    if (!isVpError(error))
      return { type: 'failed', code: 'VP_SDK_LAW_BROKEN', message: describeThrown(error) };
    const { code, message, hint } = error;
    return { type: 'failed', code, message, ...(hint === undefined ? {} : { hint }) };
  }
}

function tell(message: RunnerMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('This module is started by `vp plugins conformance`.');
    process.send(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}
