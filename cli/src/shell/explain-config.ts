import { didYouMean, isSecretRef, isVpError, type JsonSchema } from '@vp/contracts';
import type { ContributionInfo, ExplainedValue, Kernel, KeyExplanation, ResolvedConfig } from '@vp/kernel';
import { errors } from './errors.ts';
import { hostParts } from './host-parts.ts';
import { openProject } from './open-project.ts';
import type { ProjectFlags } from './session.ts';

/**
 * What each layer says of a key, of the keys of a section, or of all. Secrets that are written out
 * are hidden: the manifests say which keys hold them. No plugin is loaded.
 */
export async function explained(
  flags: ProjectFlags,
  key: string | undefined,
): Promise<readonly KeyExplanation[]> {
  const project = await openProject(flags);
  const { config } = project;
  const { createKernel } = await import('@vp/kernel');
  const kernel = await createKernel({
    projectDir: project.dir,
    config: withNothingRequired(config),
    ...hostParts({ project, note: () => {} }),
  });
  const keys =
    key === undefined
      ? Object.keys(config.merged)
          .sort()
          .flatMap((section) => config.explain(section))
      : ((await ofPlugin(kernel, config, key)) ?? config.explain(key));
  return keys.map((each) => (kernel.isSecret(each.path) ? hidden(each) : each));
}

/** Why a value is what it is can be asked without a plugin that is required to run. */
function withNothingRequired(config: ResolvedConfig): ResolvedConfig {
  const plugins = Object.entries(config.values.plugins).map(([name, plugin]) => [
    name,
    { ...plugin, required: false },
  ]);
  return { ...config, values: { ...config.values, plugins: Object.fromEntries(plugins) } };
}

function hidden({ key, path, values, winner }: KeyExplanation): KeyExplanation {
  const shown = values.map((each): ExplainedValue => {
    const isSafe = isSecretRef(each.value) || each.layer === 'plugin';
    return isSafe ? each : { ...each, value: '[hidden]' };
  });
  return { key, path, values: shown, winner: winner === undefined ? undefined : shown.at(-1) };
}

/**
 * `engine.duckdb` or `engine.duckdb.memory_limit`: what is set, and the defaults of the manifest for
 * the rest. `undefined` when the key is no contribution's.
 */
async function ofPlugin(
  kernel: Kernel,
  config: ResolvedConfig,
  key: string,
): Promise<readonly KeyExplanation[] | undefined> {
  const { formatKey, parseKey } = await import('@vp/kernel');
  const [point = '', id = '', name, ...deeper] = parseKey(key);
  if (!config.points.includes(point) || id === '' || deeper.length > 0) return undefined;
  const info = kernel.host.contributions(point).find((each) => each.id === id);
  if (info === undefined) {
    if (setIn(config, formatKey([point, id])) !== undefined) return undefined;
    const ids = kernel.host.contributions(point).map((each) => `${point}.${each.id}`);
    throw errors.VP_CLI_CONFIG_UNKNOWN({ key, suggestion: didYouMean(`${point}.${id}`, ids) });
  }
  const properties = await propertiesOf(
    info,
    kernel.plugins().find((each) => each.name === info.plugin)?.directory,
  );
  const wanted = name === undefined ? Object.keys(properties) : [name];
  return wanted.map((property): KeyExplanation => {
    const path = [point, id, property];
    const set = setIn(config, formatKey(path));
    if (set !== undefined) return set;
    const schema = properties[property];
    if (schema === undefined) {
      throw errors.VP_CLI_CONFIG_UNKNOWN({ key, suggestion: didYouMean(property, Object.keys(properties)) });
    }
    const place = { text: `default of ${info.plugin} ${info.pluginVersion}` };
    const preset = 'default' in schema ? [{ layer: 'plugin', value: schema.default, place }] : [];
    return { key: formatKey(path), path, values: preset, winner: preset[0] };
  });
}

function setIn(config: ResolvedConfig, key: string): KeyExplanation | undefined {
  try {
    const [only] = config.explain(key);
    return only;
  } catch (error) {
    // Not set anywhere: the manifest says what then.
    if (isVpError(error) && error.code === 'VP_CONFIG_NO_SUCH_KEY') return undefined;
    throw error;
  }
}

type Properties = Readonly<Record<string, JsonSchema>>;

async function propertiesOf(
  { manifest }: ContributionInfo,
  directory: string | undefined,
): Promise<Properties> {
  const { config } = manifest;
  if (config === undefined) return {};
  let schema: { readonly properties?: Properties };
  if (typeof config === 'string') {
    if (directory === undefined) return {};
    const { readFile } = await import('node:fs/promises');
    const { join } = await import('node:path');
    schema = JSON.parse(await readFile(join(directory, config), 'utf8'));
  } else schema = config;
  return schema.properties ?? {};
}
