/**
 * Names so ordered that each comes after those it needs, and a cycle when there is one (its first
 * name again at the end). Names that already stand in such an order keep it. Without recursion:
 * chains may be long.
 */
export function topologicalOrder(
  names: readonly string[],
  needs: (name: string) => readonly string[],
): { readonly order: readonly string[]; readonly cycle?: readonly string[] } {
  const order: string[] = [];
  const done = new Set<string>();
  const open = new Set<string>();
  const stack: { readonly name: string; readonly needs: readonly string[]; next: number }[] = [];
  const enter = (name: string): void => {
    open.add(name);
    stack.push({ name, needs: needs(name), next: 0 });
  };
  for (const root of names) {
    if (done.has(root)) continue;
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = top.needs[top.next];
      top.next += 1;
      if (need === undefined) {
        stack.pop();
        open.delete(top.name);
        done.add(top.name);
        order.push(top.name);
      } else if (open.has(need)) {
        const path = stack.map((frame) => frame.name);
        return { order, cycle: [...path.slice(path.indexOf(need)), need] };
      } else if (!done.has(need)) {
        enter(need);
      }
    }
  }
  return { order };
}
