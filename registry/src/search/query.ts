import { didYouMean } from '@vp/contracts';
import { contributionKeys } from '@vp/contracts/manifest';
import * as z from 'zod';
import { errors } from '../errors.ts';
import type { SearchIndex, SearchQuery } from './search-index.ts';

const count = (most: number) => z.coerce.number().int().min(0).max(most);

const querySchema = z.strictObject({
  q: z.string().max(500).optional(),
  kind: z.string().optional(),
  capability: z.string().optional(),
  badge: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  limit: count(250).optional(),
  offset: count(1_000_000).optional(),
});

/**
 * The query of a search URL; a value left empty, as a form sends it, counts as none.
 *
 * @throws VP_REGISTRY_SEARCH_INVALID for keys and values that there are not
 */
export function parseQuery(parameters: URLSearchParams, index: SearchIndex): SearchQuery {
  const given = Object.fromEntries([...parameters].filter(([, value]) => value !== ''));
  const { data, error } = querySchema.safeParse(given);
  if (error) throw errors.VP_REGISTRY_SEARCH_INVALID({ problem: problemOf(error) });
  const kinds = [...Object.values(contributionKeys), 'template', ...index.facets({}).kinds.keys()];
  if (data.kind !== undefined && !kinds.includes(data.kind)) {
    const problem = `kind=${data.kind} is no extension point that a plugin fills. ${didYouMean(data.kind, kinds)}`;
    throw errors.VP_REGISTRY_SEARCH_INVALID({ problem: problem.trimEnd() });
  }
  return data;
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code !== 'unrecognized_keys') return `${issue?.path.join('.')}: ${issue?.message}.`;
  const [key = ''] = issue.keys;
  return `there is no ${key}. ${didYouMean(key, Object.keys(querySchema.shape))}`.trimEnd();
}
