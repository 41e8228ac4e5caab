import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DataFile, Payload } from '@vp/contracts';
import { errors } from '../../errors.ts';
import { receivePayload } from '../../wire/payload.ts';
import type { Incoming } from '../../wire/streams.ts';
import type { Crossing } from '../../wire/value.ts';
import type { GuestProcess } from '../guest-process.ts';
import { isGranted } from '../patterns.ts';
import type { Supervisor } from '../supervisor.ts';

export interface ReceiveInit {
  readonly supervisor: Supervisor;
  readonly guest: GuestProcess;
  readonly signal: AbortSignal;
  readonly opened: (stream: Incoming) => void;
}

/** A payload that the plugin gave, for whoever reads it in this process. */
export function receive(data: Crossing, init: ReceiveInit): Promise<Payload> {
  const { supervisor, guest, opened } = init;
  return receivePayload(guest.link, data, {
    opened,
    file: (file) => checkFile(file, init),
    // SQL of the plugin's choice, run with the engine's rights.
    relation: () => supervisor.denied({ permission: 'engine', wanted: 'relation' }),
    guard: <T>(items: AsyncIterable<T>) => guarded(items, { supervisor, guest, signal: init.signal }),
  });
}

/**
 * A file that the plugin names is opened by the host, with the host's rights: only one that the
 * plugin may read itself, where it really lies, and moved away only when it may be written.
 */
async function checkFile(file: DataFile, { supervisor, guest }: ReceiveInit): Promise<DataFile> {
  const { label, patterns } = supervisor;
  const refuse = () => {
    supervisor.denied({ permission: 'fs', wanted: `read:${file.uri}` });
    return errors.VP_ISOLATION_FILE_DENIED({ plugin: label, path: file.uri }, { plugin: label });
  };
  const path = localPath(file.uri);
  if (path === undefined) throw refuse();
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) throw refuse();
  const own = await realpath(guest.temporary);
  const isOwn = real.startsWith(`${own}/`);
  if (!isOwn && !isGranted(patterns, 'read', real)) throw refuse();
  const mayMove = isOwn || isGranted(patterns, 'write', real);
  return { ...file, uri: real, ...(file.temporary === true && !mayMove ? { temporary: false } : {}) };
}

/** Undefined for what is no file of this machine, or a pattern of files. */
function localPath(uri: string): string | undefined {
  if (/[*?[\]{}\0]/.test(uri)) return undefined;
  if (uri.startsWith('/')) return uri;
  try {
    return uri.startsWith('file://') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

/** Items of the plugin's stream: fails with the signal's reason, or with why the process ended. */
export function guarded<T>(
  items: AsyncIterable<T>,
  init: { readonly supervisor: Supervisor; readonly guest: GuestProcess; readonly signal: AbortSignal },
): AsyncIterable<T> {
  const { supervisor, guest, signal } = init;
  return {
    [Symbol.asyncIterator]() {
      const inner = items[Symbol.asyncIterator]();
      let rejectOnAbort: (reason: unknown) => void = () => {};
      const onAbort = () => rejectOnAbort(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      const over = () => signal.removeEventListener('abort', onAbort);
      return {
        async next() {
          try {
            signal.throwIfAborted();
            const result = await supervisor.waitFor(
              guest,
              () =>
                new Promise<IteratorResult<T>>((resolve, reject) => {
                  rejectOnAbort = reject;
                  inner.next().then(resolve, reject);
                }),
            );
            if (result.done === true) over();
            return result;
          } catch (error) {
            over();
            if (signal.aborted) {
              // It is told by the scope's cancel, too; nobody waits for how it ends.
              void inner.return?.();
              throw signal.reason;
            }
            throw error;
          }
        },
        async return() {
          over();
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
