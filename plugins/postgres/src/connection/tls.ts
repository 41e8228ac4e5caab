import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { PostgresConfig } from '../config.ts';

/** What the driver is told about TLS. `prefer` is tried with and then without. */
export async function tlsOptions(
  config: PostgresConfig,
  resolve: (path: string) => string,
): Promise<ConnectionOptions | false> {
  const { tls } = config;
  if (tls === 'disable') return false;
  const read = async (path: string | undefined) =>
    path === undefined ? undefined : await readFile(resolve(path), 'utf8');
  const [ca, cert, key] = await Promise.all([read(config.ca), read(config.cert), read(config.key)]);
  const verifies = tls === 'verify-ca' || tls === 'verify-full';
  return {
    rejectUnauthorized: verifies,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // The chain is checked, the name is not.
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}
