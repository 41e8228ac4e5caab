/** Runs one task after another, in the order in which they came. */
export interface Mutex {
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const result = last.then(task);
      // The next task waits for this one, whatever becomes of it; its caller gets the error.
      last = result.catch(() => undefined);
      return result;
    },
  };
}

/** One mutex a key, kept only while it is in use. */
export function createKeyedMutex(): { run<T>(key: string, task: () => Promise<T>): Promise<T> } {
  const held = new Map<string, { readonly mutex: Mutex; users: number }>();
  return {
    async run(key, task) {
      const entry = held.get(key) ?? { mutex: createMutex(), users: 0 };
      held.set(key, entry);
      entry.users++;
      try {
        return await entry.mutex.run(task);
      } finally {
        if (--entry.users === 0) held.delete(key);
      }
    },
  };
}
