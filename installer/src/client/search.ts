import { isVpError, type VpError } from '@vp/contracts';
import { type PluginSummary, searchAnswerSchema } from '@vp/contracts/registry';
import * as z from 'zod';
import type { JsonRequest } from './fetch-json.ts';
import type { Packument } from './packument.ts';
import { manifestOf, plainSummary, shownVersion } from './plain-catalogue.ts';

export interface SearchQuery {
  readonly text: string;
  /** `source`, `sink`, … */
  readonly kind?: string | undefined;
  readonly capability?: string | undefined;
  /** Only plugins with a conformance badge. */
  readonly badge?: boolean | undefined;
  /** 20 unless told. */
  readonly limit?: number | undefined;
}

export type FoundPlugin = PluginSummary & { readonly registry: string };

export interface FoundPlugins {
  /** How many there are, shown or not. */
  readonly total: number;
  /** Best first, registry by registry. */
  readonly plugins: readonly FoundPlugin[];
  /** Registries that did not answer, where another one did. */
  readonly faults: readonly VpError[];
}

interface SearchTools {
  get<T extends z.ZodType>(
    request: Pick<JsonRequest<T>, 'registry' | 'path' | 'query' | 'schema'>,
  ): Promise<z.infer<T> | undefined>;
  /** None when the registry does not have it. */
  document(name: string, registry: string): Promise<Packument | undefined>;
}

/** Plugins of several registries. Fails when none of them answers. */
export async function searchRegistries(
  query: SearchQuery,
  registries: readonly string[],
  tools: SearchTools,
): Promise<FoundPlugins> {
  const answers = await Promise.allSettled(registries.map((each) => searchOne(query, each, tools)));
  const faults = answers.filter((each) => each.status === 'rejected').map(({ reason }) => reason);
  const found = answers.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
  if (found.length === 0 || !faults.every(isVpError)) throw faults[0];
  const plugins = found.flatMap(({ plugins }) => plugins);
  const total = found.reduce((sum, each) => sum + each.total, 0);
  const limit = query.limit ?? 20;
  return { total, plugins: onceEach(plugins).slice(0, limit), faults };
}

/** A scope's registry may also answer as the default one, or proxy it. */
function onceEach(plugins: readonly FoundPlugin[]): readonly FoundPlugin[] {
  return [...new Map(plugins.toReversed().map((each) => [each.name, each])).values()].toReversed();
}

async function searchOne(query: SearchQuery, registry: string, tools: SearchTools) {
  const { text, kind, capability, badge = false, limit = 20 } = query;
  const answer = await tools.get({
    registry,
    path: '-/vp/v1/search',
    query: {
      q: text,
      ...(kind === undefined ? {} : { kind }),
      ...(capability === undefined ? {} : { capability }),
      ...(badge ? { badge: 'true' } : {}),
      limit: String(limit),
    },
    schema: searchAnswerSchema,
  });
  if (answer === undefined) return await searchPlain(query, registry, tools);
  return { total: answer.total, plugins: answer.plugins.map((each) => ({ ...each, registry })) };
}

const npmSearchSchema = z.object({
  objects: z.array(z.object({ package: z.object({ name: z.string() }) })),
});

/** A registry that knows nothing of plugins finds them by the keyword that templates give them. */
async function searchPlain(query: SearchQuery, registry: string, tools: SearchTools) {
  const { text, kind, capability, badge = false, limit = 20 } = query;
  const answer = await tools.get({
    registry,
    path: '-/v1/search',
    query: { text: `keywords:vp-plugin ${text}`.trimEnd(), size: String(limit) },
    schema: npmSearchSchema,
  });
  const names = (answer?.objects ?? []).map((each) => each.package.name);
  const documents = await Promise.allSettled(names.map((name) => tools.document(name, registry)));
  const plugins = documents.flatMap((each): FoundPlugin[] => {
    // One package of several that cannot be read is none that was found.
    if (each.status === 'rejected' || each.value === undefined) return [];
    const shown = shownVersion(each.value);
    const manifest = shown === undefined ? undefined : manifestOf(shown);
    if (manifest === undefined || 'problem' in manifest) return [];
    return [{ ...plainSummary(each.value, manifest), registry }];
  });
  const fits = plugins.filter(
    ({ contributions }) =>
      !badge &&
      contributions.some(
        (each) =>
          (kind === undefined || each.point === kind) &&
          (capability === undefined || each.capabilities.includes(capability)),
      ),
  );
  return { total: fits.length, plugins: fits };
}
