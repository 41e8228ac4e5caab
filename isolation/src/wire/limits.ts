/** What one end takes from the other. All are far above honest use, and low enough that reaching them harms nobody. */
export const limits = {
  /** Bytes of a frame that carries data. */
  dataFrame: 64 * 2 ** 20,
  /** Bytes of any other frame. */
  controlFrame: 32 * 2 ** 20,
  /** Arrays and objects inside each other. */
  depth: 64,
  /** Values in a frame, those inside others included. */
  values: 8 * 2 ** 20,
  /** Rows times columns of a batch. */
  cells: 8 * 2 ** 20,
  /** Calls that wait for an answer, in one direction. */
  calls: 1_024,
  /** Streams that are open, in one direction. */
  streams: 4_096,
  /** Bytes that were received and that nobody has taken yet, all streams together. */
  unread: 256 * 2 ** 20,
} as const;

/** Items that a producer may be ahead of its consumer. */
export const window = { batches: 2, values: 2, bytes: 8 } as const;

/** A producer cuts batches that are larger than this, and byte chunks that are larger than that. */
export const cut = { batch: 4 * 2 ** 20, chunk: 256 * 2 ** 10 } as const;
