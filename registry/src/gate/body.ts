import { validRange } from 'semver';
import * as z from 'zod';
import { errors } from '../errors.ts';

const attachment = z.looseObject({ data: z.string(), length: z.number().optional() });

const publishBody = z.looseObject({
  name: z.string(),
  'dist-tags': z.record(z.string(), z.string()).optional(),
  versions: z.record(z.string(), z.looseObject({ name: z.string(), version: z.string() })),
  _attachments: z.record(z.string(), attachment),
});

/** What a publish brings. */
export interface PublishRequest {
  readonly name: string;
  readonly version: string;
  /** The version's metadata as the client sends it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly bytes: Buffer;
}

/** The body of npm's publish: one version and its tarball. */
export function readPublishBody(name: string, body: unknown): PublishRequest {
  const bad = (problem: string) => errors.VP_REGISTRY_BAD_REQUEST({ problem });
  const result = publishBody.safeParse(body);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw bad(
      `${issue?.path.map(String).join('.') ?? 'the body'}: ${issue?.message ?? 'it is not a publish'}`,
    );
  }
  const { versions, _attachments, 'dist-tags': tags = {} } = result.data;
  if (result.data.name !== name) throw bad(`its path says ${name}, its body ${result.data.name}`);
  const [found, ...otherVersions] = Object.entries(versions);
  const [tarball, ...otherTarballs] = Object.entries(_attachments).filter(([file]) => file.endsWith('.tgz'));
  if (found === undefined || otherVersions.length > 0) throw bad('it has not exactly one version');
  if (tarball === undefined || otherTarballs.length > 0) throw bad('it has not exactly one tarball');
  const [version, metadata] = found;
  if (metadata.name !== name || metadata.version !== version)
    throw bad(`the version ${version} says that it is ${metadata.name}@${metadata.version}`);
  const wrong = Object.entries(tags).find(([, target]) => target !== version);
  if (wrong !== undefined) throw bad(`its tag ${wrong[0]} points to ${wrong[1]}, which it does not publish`);
  const range = Object.keys(tags).find((tag) => validRange(tag) !== null);
  if (range !== undefined) throw bad(`the tag "${range}" would read as a range of versions`);
  const [, { data }] = tarball;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(data)) throw bad('its tarball is not base64');
  return { name, version, metadata, tags: Object.keys(tags), bytes: Buffer.from(data, 'base64') };
}
