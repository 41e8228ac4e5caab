export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Of the round that was disturbed least. */
export const best = (values: readonly number[]): number => Math.min(...values);
