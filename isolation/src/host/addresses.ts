import net from 'node:net';
import { matchesText } from './patterns.ts';

/** A host without a port means every port. */
export function splitAddress(pattern: string): readonly [host: string, port: string] {
  const cut = pattern.lastIndexOf(':');
  const isPort = cut > 0 && /^(\d+|\*)$/.test(pattern.slice(cut + 1));
  const host = isPort ? pattern.slice(0, cut) : pattern;
  return [host.replace(/^\[(.*)\]$/, '$1'), isPort ? pattern.slice(cut + 1) : '*'];
}

export const isNamedBy = (pattern: string, text: string): boolean =>
  matchesText(pattern.toLowerCase(), text.toLowerCase().replace(/\.$/, ''));

function blockList(subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): net.BlockList {
  const list = new net.BlockList();
  for (const [address, prefix, family] of subnets) list.addSubnet(address, prefix, family);
  return list;
}

/** This machine. */
const loopback = blockList([
  ['127.0.0.0', 8, 'ipv4'],
  ['0.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['::', 128, 'ipv6'],
]);

/** What no name should lead to: neighbours, metadata services of clouds, everybody at once. */
const special = blockList([
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]);

const privateNetworks = blockList([
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
]);

/**
 * Whether grants that allow `name` reach `address`. An address that is granted as such always; else a
 * public one. A name that is granted without wildcards may lead into private networks, since the
 * deployment named it; `localhost` alone leads to this machine, and no name to what is special.
 */
export function reachable(
  address: string,
  { name, grants }: { readonly name: string; readonly grants: readonly string[] },
): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const family = net.isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  const hosts = grants.map((grant) => splitAddress(grant)[0].toLowerCase());
  if (hosts.includes(address.toLowerCase()) || hosts.includes(plain.toLowerCase())) return true;
  if (grants.length === 0 || special.check(plain, family)) return false;
  const isNamed = hosts.includes(name.toLowerCase());
  if (loopback.check(plain, family)) return isNamed && /^(.*\.)?localhost$/i.test(name);
  return !privateNetworks.check(plain, family) || isNamed;
}
