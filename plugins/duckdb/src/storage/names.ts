import { createHash } from 'node:crypto';

const LONGEST = 180;
const WINDOWS_DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/**
 * A folder name for an asset: lower case letters, digits, `_`, `-` and inner dots stay, all else is
 * written as `%xx`, so that no two assets share a folder even where upper and lower case are the same.
 */
export function assetFolder(asset: string): string {
  let name = asset.replace(/[^a-z0-9_.-]/gu, percent);
  if (name.startsWith('.') || WINDOWS_DEVICES.test(name)) name = percent(name.charAt(0)) + name.slice(1);
  if (name.endsWith('.')) name = `${name.slice(0, -1)}%2e`;
  return shorten(name === '' ? '%' : name);
}

/** A folder name for a partition text (see `formatPartition`); `_` for an asset without partitions. */
export function partitionFolder(partitionText: string | undefined): string {
  return partitionText === undefined ? '_' : shorten(partitionText.replace(/[^\p{L}\p{N}_.=,%-]/gu, percent));
}

function percent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST) return name;
  return `${name.slice(0, 100)}%${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
}
