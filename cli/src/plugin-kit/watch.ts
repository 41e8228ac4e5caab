import { watch } from 'node:fs';
import { sep } from 'node:path';

/** What a build or a proof writes itself, and what is nobody's source. */
const ignored =
  /(^|[\\/])(node_modules|dist|\.git|\.vp|coverage)([\\/]|$)|(^|[\\/])conformance\.(json|svg)$|[~#]$|\.sw[px]$/;

/** Calls `changed` when files of a folder were saved, once for those that are saved together. */
export function watchFolder(
  folder: string,
  options: { readonly signal: AbortSignal; changed(path: string): void },
): void {
  const { signal, changed } = options;
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true, signal }, (_, name) => {
    if (name === null || ignored.test(name.split(sep).join('/'))) return;
    clearTimeout(timer);
    timer = setTimeout(() => changed(name), 100);
  });
  watcher.on('error', (error) => {
    if (!signal.aborted) throw error;
  });
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
