import type { JsonSchema } from '@vp/contracts';
import { type ConformanceReport, conformanceReportSchema } from '@vp/contracts/registry';
import type { Catalogue } from '../catalogue.ts';
import { type ListedContribution, listedContributions } from '../search/contributions.ts';
import type { PublishedPlugin } from '../search/published-plugin.ts';

/** A contribution with the schemas of what can be set. */
export interface ContributionView {
  readonly point: string;
  readonly id: string;
  readonly description?: string | undefined;
  readonly capabilities: readonly string[];
  readonly formats: readonly string[];
  /** Of the deployment's configuration. */
  readonly config?: JsonSchema | undefined;
  /** Of one use in a pipeline. */
  readonly options?: JsonSchema | undefined;
  /** Of a validator: each rule with the schema of its options. */
  readonly rules: readonly RuleView[];
}

export interface RuleView {
  readonly id: string;
  readonly description: string;
}

/** All that a plugin's page shows: what is published, and what stands in the files of its tarball. */
export interface PluginView extends PublishedPlugin {
  readonly contributions: readonly ContributionView[];
  /** Of a version with a badge, law by law. */
  readonly report?: ConformanceReport | undefined;
}

/** Reads the files that the manifest names. One that is not there or no JSON is left out. */
export async function viewOf(catalogue: Catalogue, plugin: PublishedPlugin): Promise<PluginView> {
  const { manifest, version, facts } = plugin.shown;
  const json = async (path: string): Promise<unknown> => {
    const text = await catalogue.file(plugin.package.name, version, path.replace(/^\.\//, ''));
    return text === undefined ? undefined : parsed(text);
  };
  const contributions = await Promise.all(
    listedContributions(manifest).map((each) => contributionView(each, json)),
  );
  if (!facts.badge) return { ...plugin, contributions };
  const { data: report } = conformanceReportSchema.safeParse(
    await json(manifest.conformance ?? 'conformance.json'),
  );
  return { ...plugin, contributions, report };
}

type ReadJson = (path: string) => Promise<unknown>;

async function contributionView(listed: ListedContribution, json: ReadJson): Promise<ContributionView> {
  const schema = async (given: string | JsonSchema | undefined) => {
    const value = typeof given === 'string' ? await json(given) : given;
    return isSchema(value) ? value : undefined;
  };
  const { point, id, summary, description = summary, capabilities = [], formats = [], rules = [] } = listed;
  const [config, options] = await Promise.all([schema(listed.config), schema(listed.options)]);
  return { point, id, description, capabilities, formats, config, options, rules };
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A package may say what it likes: what cannot be read is not shown.
    return undefined;
  }
}
