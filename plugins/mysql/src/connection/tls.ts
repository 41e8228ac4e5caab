import { readFile } from 'node:fs/promises';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import type { SslOptions } from 'mysql2';
import type { MysqlConfig } from '../config.ts';

/** What the driver is told about TLS. `prefer` is tried with and then without. */
export async function tlsOptions(
  config: MysqlConfig,
  resolve: (path: string) => string,
): Promise<SslOptions | undefined> {
  const { tls } = config;
  if (tls === 'disable') return undefined;
  const read = async (path: string | undefined) =>
    path === undefined ? undefined : await readFile(resolve(path), 'utf8');
  const [ca, cert, key] = await Promise.all([read(config.ca), read(config.cert), read(config.key)]);
  return {
    rejectUnauthorized: tls === 'verify-ca' || tls === 'verify-full',
    // The driver's default is to check the chain and not the name.
    verifyIdentity: tls === 'verify-full',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** The driver passes no address on to TLS, which then checks for "localhost": addresses are checked here. */
export function checkAddress({ tls, host }: MysqlConfig, stream: Socket): void {
  if (tls !== 'verify-full' || isIP(host) === 0 || !(stream instanceof TLSSocket)) return;
  const problem = checkServerIdentity(host, stream.getPeerCertificate());
  if (problem !== undefined) throw problem;
}
