import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** An entry of a tarball that no packer would make. */
export type Entry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer };

export async function tarball(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) {
    // A type that has no content takes none.
    if (header.type === undefined || header.type === 'file') tar.entry(header, content ?? '');
    else tar.entry(header);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

/** A plain package's tarball, as `npm pack` would make it. */
export function packageTarball(
  packageJson: object,
  files: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const all = { 'package.json': JSON.stringify(packageJson, undefined, 2), ...files };
  return tarball(Object.entries(all).map(([path, content]) => ({ name: `package/${path}`, content })));
}

/** The body of npm's publish. */
export function publishBody(
  packageJson: { readonly name: string; readonly version: string },
  bytes: Buffer,
  options: { readonly tag?: string; readonly dist?: object; readonly metadata?: object } = {},
) {
  const { name, version } = packageJson;
  const { tag = 'latest', dist = {}, metadata = {} } = options;
  const file = `${name}-${version}.tgz`;
  return {
    _id: name,
    name,
    'dist-tags': { [tag]: version },
    versions: {
      [version]: {
        ...packageJson,
        _id: `${name}@${version}`,
        dist: {
          integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
          shasum: createHash('sha1').update(bytes).digest('hex'),
          tarball: `http://localhost/${name}/-/${file}`,
          ...dist,
        },
        ...metadata,
      },
    },
    _attachments: {
      [file]: {
        content_type: 'application/octet-stream',
        data: bytes.toString('base64'),
        length: bytes.length,
      },
    },
  };
}
