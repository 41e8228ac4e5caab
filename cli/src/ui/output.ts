import { plain, type Style, styleFor } from './style.ts';
import { oneLine } from './table.ts';

/** Where a command's words go. All of them pass `redact` once a kernel that knows the secrets is there. */
export interface Output {
  readonly json: boolean;
  /** For standard output. */
  readonly style: Style;
  /** A line on standard output; nothing when the caller wants JSON. */
  print(line?: string): void;
  /** A line on standard error, for people; nothing when the caller wants JSON. */
  note(line: string): void;
  /** The one JSON document of a command. */
  document(value: unknown): void;
  redact(text: string): string;
  redactWith(redact: (text: string) => string): void;
  /** Writes a crash report with what the kernel knows, once there is one; gives its path. */
  crashReport: ((thrown: unknown, context: Readonly<Record<string, unknown>>) => string) | undefined;
}

export function createOutput(options: { readonly json: boolean }): Output {
  const { json } = options;
  let redact = (text: string): string => text;
  return {
    json,
    style: json ? plain : styleFor(process.stdout),
    print(line = '') {
      if (!json) process.stdout.write(`${harmless(redact(line))}\n`);
    },
    note(line) {
      if (!json) process.stderr.write(`${harmless(redact(line))}\n`);
    },
    document(value) {
      process.stdout.write(`${redact(JSON.stringify(value, jsonValue, 2))}\n`);
    },
    redact: (text) => redact(text),
    redactWith(next) {
      redact = next;
    },
    crashReport: undefined,
  };
}

/**
 * Texts of strangers (a package's description, what a registry answers, data) go through here too: of control
 * sequences colours are let pass, and nothing that moves the cursor, clears lines or names the window.
 */
function harmless(text: string): string {
  return text.replaceAll(/\p{Cc}(?:\[[\d;]*m)?/gu, (found) => {
    const [first = '', ...rest] = found;
    const isColor = first === escapeCharacter && rest.length > 0;
    return isColor || first === '\n' || first === '\t' ? found : oneLine(first) + rest.join('');
  });
}

const escapeCharacter = String.fromCharCode(27);

/** Integers that a double cannot hold become text, so that no reader rounds them. */
function jsonValue(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
