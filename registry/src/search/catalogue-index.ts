import type { Catalogue } from '../catalogue.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';

const indexes = new WeakMap<Catalogue, SearchIndex>();

/** The index that holds what the catalogue holds, one for each catalogue: a change is in it at once. */
export function indexOf(catalogue: Catalogue): SearchIndex {
  const known = indexes.get(catalogue);
  if (known) return known;
  const index = createSearchIndex();
  indexes.set(catalogue, index);
  for (const each of catalogue.packages()) index.put(each);
  catalogue.onChange((name) => {
    const published = catalogue.get(name);
    if (published) index.put(published);
    else index.remove(name);
  });
  return index;
}
