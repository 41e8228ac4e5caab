import { createInterface } from 'node:readline/promises';

/** Whether there is somebody to ask. */
export const isInteractive = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/**
 * Asks on standard error, so that standard output stays what was asked for. An answer may be cut short to its
 * first letter; whatever is no answer is no.
 */
export async function choose<Answer extends string>(request: {
  readonly question: string;
  readonly answers: readonly Answer[];
  readonly signal: AbortSignal;
}): Promise<Answer | 'no'> {
  const { question, answers, signal } = request;
  const shown = answers.map((answer) => (answer === 'no' ? 'N' : answer[0])).join('/');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = (await lines.question(`${question} [${shown}] `, { signal })).trim().toLowerCase();
    return answers.find((answer) => answer === typed || (typed !== '' && answer[0] === typed)) ?? 'no';
  } finally {
    lines.close();
  }
}

/** A question of yes or no. */
export const confirm = async (question: string, signal: AbortSignal): Promise<boolean> =>
  (await choose({ question, answers: ['yes', 'no'], signal })) === 'yes';
