import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../store/durable.ts';

/** A log of lines that keeps two older files of itself. */
export interface Log {
  write(line: string): void;
}

const maxBytes = 10 * 1024 * 1024;

export function openLog(folder: string, name: string): Log {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.log`);
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return {
    write(line) {
      const text = `${line}\n`;
      try {
        if (size > maxBytes) {
          rmSync(`${file}.2`, { force: true });
          if (statSync(`${file}.1`, { throwIfNoEntry: false })) renameSync(`${file}.1`, `${file}.2`);
          renameSync(file, `${file}.1`);
          size = 0;
        }
        appendFileSync(file, text);
        size += text.length;
      } catch (error) {
        // A full disk ends no request: what is being served does not need the log.
        if (errorCode(error) !== 'ENOSPC') throw error;
      }
    },
  };
}

/** A request's path as it may be logged: without tokens, which npm puts into the path when it logs out, and without queries. */
export function loggedPath(path: string): string {
  const plain = path.replace(/[?#].*$/s, '').replace(/(\/-\/user\/token\/).*/s, '$1***');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line of the log stays one line
  return plain.slice(0, 500).replace(/[\u0000-\u001f\u007f]/g, '?');
}
