/** Gives 1, 2, 3, …: for names that must differ within the process. */
export function createCounter(): () => number {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}
