/** Maps a list with at most so many at a time under way: a registry has more files than a process may open. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
  atATime = 32,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += atATime)
    results.push(...(await Promise.all(items.slice(at, at + atATime).map(map))));
  return results;
}
