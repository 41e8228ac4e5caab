import type { JsonSchema } from '@vp/contracts';
import { type ConformanceReport, conformanceReportSchema } from '@vp/contracts/registry';
import type { Catalogue } from '../catalogue.ts';
import { type ListedContribution, listedContributions } from '../search/contributions.ts';
import type { PluginVersion, PublishedPlugin } from '../search/published-plugin.ts';

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
  /** Whether the tarball could not be read: what stands in its files is then not shown. */
  readonly isDamaged: boolean;
}

type FromFiles = Pick<PluginView, 'contributions' | 'report'>;

// A version never changes, and reading a tarball for each view of a page would be a way to keep a registry busy.
const known = new WeakMap<PluginVersion, FromFiles>();

/** Reads the files that the manifest names. One that is not there or no JSON is left out. */
export async function viewOf(catalogue: Catalogue, plugin: PublishedPlugin): Promise<PluginView> {
  const { name } = plugin.package;
  const { version } = plugin.shown;
  const json = async (path: string): Promise<unknown> => {
    const text = await catalogue.file(name, version, path.replace(/^\.\//, ''));
    return text === undefined ? undefined : parsed(text);
  };
  try {
    const read = known.get(plugin.shown) ?? (await fromFiles(plugin.shown, json));
    known.set(plugin.shown, read);
    return { ...plugin, ...read, isDamaged: false };
  } catch {
    // A tarball that was damaged in the store: the page says so, and shows what it has.
    const without = await fromFiles(plugin.shown, async () => undefined);
    return { ...plugin, ...without, isDamaged: true };
  }
}

async function fromFiles({ manifest, facts }: PluginVersion, json: ReadJson): Promise<FromFiles> {
  const contributions = await Promise.all(
    listedContributions(manifest).map((each) => contributionView(each, json)),
  );
  if (!facts.badge) return { contributions };
  const { data: report } = conformanceReportSchema.safeParse(
    await json(manifest.conformance ?? 'conformance.json'),
  );
  return { contributions, report };
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
