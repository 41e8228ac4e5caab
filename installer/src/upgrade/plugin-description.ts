import { type ConfigKey, configKeys, type PluginDetail } from '@vp/contracts/registry';
import type { RegistryClient } from '../client/client.ts';
import { contributionsOf } from '../client/contributions.ts';
import { publishedAt } from '../client/packument.ts';
import { licenseText } from '../policy/license.ts';
import type { PackageSource } from '../source/source.ts';
import type { DescribedManifest } from './manifest-changes.ts';
import { manifestSchemas } from './manifest-schemas.ts';
import { describeVersion, findVersion } from './version-description.ts';

/** How a contribution is configured. */
export interface ContributionKeys {
  readonly point: string;
  readonly id: string;
  /** `config`: of the deployment. `options`: of one use in a pipeline. */
  readonly schema: 'config' | 'options';
  readonly keys: readonly ConfigKey[];
}

/** Everything that a registry tells of one version of a plugin. */
export interface PluginDescription extends PluginDetail {
  readonly registry: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly configuration: readonly ContributionKeys[];
}

export async function pluginDescription(request: {
  readonly name: string;
  /** A version, a tag or a range; the one that the registry shows first when left out. */
  readonly wanted?: string | undefined;
  readonly client: RegistryClient;
  readonly source: PackageSource;
}): Promise<PluginDescription> {
  const { name, wanted, client, source } = request;
  const [detail, packument] = await Promise.all([client.plugin(name), client.packument(name)]);
  const version = findVersion(packument, wanted ?? detail.version);
  const described = await describeVersion(version, source);
  const { manifest } = described;
  const { badge: _, ...rest } = detail;
  const known = detail.versions.find((each) => each.version === version.version);
  const license = licenseText(version);
  return {
    ...rest,
    version: version.version,
    description: version.description ?? '',
    ...(license === 'unknown' ? {} : { license }),
    published: known?.published ?? publishedAt(packument, version.version) ?? '',
    size: known?.size ?? version.dist.unpackedSize ?? 0,
    ...(known?.badge === undefined ? {} : { badge: known.badge }),
    contributions: contributionsOf(manifest),
    permissions: manifest.permissions ?? {},
    isolation: manifest.isolation ?? 'in-process',
    manifest,
    registry: client.registryOf(name),
    engines: version.engines ?? {},
    dependencies: version.dependencies ?? {},
    configuration: configurationOf(described),
  };
}

function configurationOf({ manifest, schema }: DescribedManifest): readonly ContributionKeys[] {
  return manifestSchemas(manifest).flatMap(({ point, id, schema: kind, written }) => {
    const keys = configKeys(schema(written));
    return keys.length === 0 ? [] : [{ point, id, schema: kind, keys }];
  });
}
