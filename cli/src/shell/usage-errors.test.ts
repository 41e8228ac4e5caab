import { isVpError } from '@vp/contracts';
import { expect, test } from 'vitest';
import { builtInCommands } from './command-info.ts';
import { usageError } from './usage-errors.ts';

/** Every word that one slip of a finger makes of `word`. */
function typos(word: string): string[] {
  const made = new Set<string>();
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    made.add(before + after.slice(1));
    made.add(`${before}q${after}`);
    made.add(`${before}q${after.slice(1)}`);
    if (after.length > 1) made.add(before + after[1] + after[0] + after.slice(2));
  }
  made.delete(word);
  return [...made];
}

/** Whether a slip is this one; the letter that was hit instead stands as `q`. */
const isLike = (slip: string, typo: string): boolean =>
  slip.length === typo.length && [...slip].every((letter, at) => letter === typo[at] || letter === 'q');

test('every single-letter typo of every long flag of every command is answered with a flag one slip away', () => {
  let tried = 0;
  for (const command of builtInCommands()) {
    const names = Object.values(command.flags).map((flag) => flag.name);
    for (const name of names) {
      for (const typo of typos(name)) {
        if (typo === '' || names.includes(typo)) continue;
        const thrown = Object.assign(new Error('Nonexistent flag'), {
          oclif: { exit: 2 },
          flags: [`--${typo}`],
        });
        const error = usageError(thrown, command);
        // The slip may be one of another flag too: `--ir` is `--dir` and `--id`.
        const near = names.filter((other) => other === name || typos(other).some((one) => isLike(one, typo)));
        expect(isVpError(error) && error.code).toBe('VP_CLI_FLAG_UNKNOWN');
        const suggested = isVpError(error)
          ? /^Did you mean "--(.*)"\?$/.exec(error.hint ?? '')?.[1]
          : undefined;
        expect([...near, 'help'], `${command.id} --${typo}: ${suggested}`).toContain(suggested);
        tried++;
      }
    }
  }
  expect(tried).toBeGreaterThan(1000);
});

test('a value of the wrong kind is said in one sentence', () => {
  const command = builtInCommands().find(({ id }) => id === 'run');
  if (command === undefined) throw new Error('no commands: build first');
  const said = 'Parsing --concurrency \n\tExpected an integer but received: abc\nSee more help with --help';
  expect(usageError(Object.assign(new Error(said), { oclif: { exit: 2 } }), command)).toMatchObject({
    message: 'vp run: --concurrency takes an integer, not abc.',
  });
});

test('errors that are not about usage stay what they are', () => {
  const [command] = builtInCommands();
  if (command === undefined) throw new Error('no commands: build first');
  const other = new Error('x');
  const missing = Object.assign(new Error('failed to load'), { oclif: {}, code: 'MODULE_NOT_FOUND' });
  expect([usageError(other, command), usageError(missing, command)]).toEqual([other, missing]);
});
