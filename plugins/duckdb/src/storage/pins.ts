import type { StoredSnapshot } from './record.ts';

/** Which snapshots this process is reading: they are not removed meanwhile. */
export interface Pins {
  /** Gives how to let go; more than once is the same as once. */
  pin(snapshots: readonly StoredSnapshot[]): () => void;
  isPinned(folder: string): boolean;
}

export function createPins(): Pins {
  const counts = new Map<string, number>();
  return {
    pin: (snapshots) => {
      for (const { folder } of snapshots) counts.set(folder, (counts.get(folder) ?? 0) + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        for (const { folder } of snapshots) {
          const left = (counts.get(folder) ?? 1) - 1;
          if (left === 0) counts.delete(folder);
          else counts.set(folder, left);
        }
      };
    },
    isPinned: (folder) => counts.has(folder),
  };
}
