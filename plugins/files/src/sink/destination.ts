import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { formatPartition, type PartitionKey, type Paths } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { nameOf } from '../source/find-files.ts';
import { type AnySinkOptions, type OutputFormat, outputFormat, type SinkFormat } from './formats.ts';

/** Where a sink writes. */
export interface Destination {
  /** As shown to people. */
  readonly name: string;
  /** The folder that the files get into. */
  readonly folder: string;
  /** The one file, or `undefined` when each commit adds a file of its own to the folder. */
  readonly file: string | undefined;
  readonly manifest: string;
  /** Beginning of the names of staging folders. */
  readonly stagingPrefix: string;
  readonly output: OutputFormat;
}

/** The destination that a sink's options name. */
export function destinationOf(init: {
  readonly format: SinkFormat;
  readonly options: AnySinkOptions;
  readonly partition: PartitionKey | undefined;
  readonly paths: Paths;
}): Destination {
  const { format, options, partition, paths } = init;
  const written = options.path;
  if (written.includes('{partition}') && partition === undefined)
    throw errors.VP_FILES_PARTITION({ path: written });
  const text =
    partition === undefined ? written : written.replaceAll('{partition}', formatPartition(partition));
  const path = paths.resolve(text);
  const isFolder = /[/\\]$/.test(text);
  const folder = isFolder ? path : dirname(path);
  const file = isFolder ? undefined : basename(path);
  return {
    name: nameOf(path, paths) + (isFolder ? '/' : ''),
    folder,
    file,
    manifest: join(folder, file === undefined ? '.vp.json' : `.${file}.vp.json`),
    stagingPrefix: `.${file ?? 'vp'}.vp-tmp.`,
    output: outputFormat(format, options),
  };
}

/** Name of a staging folder: whose it is can be read from it after a crash. `owner`: the sink's instance. */
export function stagingName({ stagingPrefix }: Destination, owner: string): string {
  return `${stagingPrefix}${encodeURIComponent(hostname())}.${process.pid}.${owner}.${randomUUID()}`;
}

/**
 * Whether a staging folder of this name was left behind by a dead process of this host. With
 * `owner`, those of other instances in this process count as left behind too: the host makes one
 * instance of a sink.
 */
export function isAbandoned({ stagingPrefix }: Destination, name: string, owner?: string): boolean {
  if (!name.startsWith(stagingPrefix)) return false;
  const match = /^(.+)\.(\d+)\.([^.]+)\.[^.]+$/.exec(name.slice(stagingPrefix.length));
  if (match?.[1] !== encodeURIComponent(hostname())) return false;
  const pid = Number(match[2]);
  return pid === process.pid ? owner !== undefined && match[3] !== owner : !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}
