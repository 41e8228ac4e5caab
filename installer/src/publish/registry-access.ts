import { setTimeout as pause } from 'node:timers/promises';
import { describeThrown, type VpError } from '@vp/contracts';
import npmFetch from 'npm-registry-fetch';
import * as z from 'zod';
import { type NpmOptions, npmOptions, registryOf } from '../npm/options.ts';
import { errors } from './errors.ts';

/** Where a package goes, and how to get there. */
export interface Target {
  readonly registry: string;
  readonly options: NpmOptions;
}

/** The registry of a package: the given one, else its scope's, else the default one. The token is never shown. */
export async function targetOf(init: {
  readonly name: string;
  readonly directory: string;
  readonly registry?: string;
  readonly token?: string;
}): Promise<Target> {
  const { name, directory, registry } = init;
  const found = await npmOptions({
    projectDir: directory,
    ...(registry === undefined ? {} : { registry }),
  });
  const base = registry === undefined ? registryOf(name, found) : found.registry;
  const scope = /^(@[^/]+)\//.exec(name)?.[1];
  const token = init.token ?? process.env.VP_REGISTRY_TOKEN;
  const options: NpmOptions = {
    ...found,
    registry: base,
    ...(scope === undefined ? {} : { [`${scope}:registry`]: base }),
    ...(token === undefined || token === ''
      ? {}
      : { [`${base.replace(/^https?:/, '')}:_authToken`]: token, forceAuth: { token } }),
    // What was published a moment ago must be seen.
    preferOnline: true,
  };
  return { registry: base, options };
}

const documentSchema = z.looseObject({
  'dist-tags': z.record(z.string(), z.string()).default({}),
  versions: z.record(z.string(), z.looseObject({ vpRegistry: z.unknown().optional() })).default({}),
});

export type PackageDocument = z.infer<typeof documentSchema>;

/** The registry's document of a package; none when it does not know the package. */
export async function packageDocument(target: Target, name: string): Promise<PackageDocument | undefined> {
  let answer: unknown;
  try {
    answer = await npmFetch.json(`/${name.replace('/', '%2f')}`, target.options);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw registryError(error, { name, registry: target.registry });
  }
  const document = documentSchema.safeParse(answer);
  if (document.success) return document.data;
  const reason = 'what it answered is no package document';
  throw errors.VP_PUBLISH_UNREACHABLE({ package: name, registry: target.registry, reason });
}

/** Waits until the registry shows the version, to installs and, if it is one of ours, to searches. */
export async function untilVisible(
  target: Target,
  version: { readonly name: string; readonly version: string; readonly isPlugin: boolean },
): Promise<PackageDocument['versions'][string]> {
  const seconds = 10;
  const end = performance.now() + seconds * 1000;
  for (let wait = 10; performance.now() < end; wait = Math.min(wait * 2, 500)) {
    const shown = (await packageDocument(target, version.name))?.versions[version.version];
    const isOurs = shown?.vpRegistry !== undefined && version.isPlugin;
    if (shown !== undefined && (!isOurs || (await isInCatalogue(target, version)))) return shown;
    await pause(wait);
  }
  const { name, version: number } = version;
  throw errors.VP_PUBLISH_NOT_VISIBLE({ package: `${name}@${number}`, registry: target.registry, seconds });
}

const detail = z.looseObject({ versions: z.array(z.looseObject({ version: z.string() })) });

async function isInCatalogue(
  target: Target,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<boolean> {
  try {
    const found = detail.safeParse(await npmFetch.json(`/-/vp/v1/plugins/${name}`, target.options));
    return found.success && found.data.versions.some((each) => each.version === version);
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw registryError(error, { name, registry: target.registry });
  }
}

/** What a registry's refusal, or its silence, means to who publishes. */
export function registryError(
  error: unknown,
  { name, registry }: { readonly name: string; readonly registry: string },
): VpError {
  const status = statusOf(error);
  const about = { package: name, registry };
  if (status === undefined || status >= 500)
    return errors.VP_PUBLISH_UNREACHABLE({ ...about, reason: describeThrown(error) }, { cause: error });
  const reason = reasonOf(error);
  if (status === 401 || status === 403)
    return errors.VP_PUBLISH_DENIED({ ...about, status, reason }, { cause: error });
  return errors.VP_PUBLISH_REFUSED({ ...about, status, reason }, { cause: error });
}

const httpError = z.looseObject({
  statusCode: z.int(),
  body: z.union([z.looseObject({ error: z.string() }), z.unknown()]).optional(),
});

function statusOf(error: unknown): number | undefined {
  const parsed = httpError.safeParse(error);
  return parsed.success ? parsed.data.statusCode : undefined;
}

const refusal = z.looseObject({ body: z.looseObject({ error: z.string() }) });

function reasonOf(error: unknown): string {
  const parsed = refusal.safeParse(error);
  return parsed.success ? parsed.data.body.error : describeThrown(error);
}
