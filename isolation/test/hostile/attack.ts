import { setTimeout as delay } from 'node:timers/promises';
import { isVpError, points } from '@vp/contracts';
import { context, type Started, start } from '../support/start.ts';

/** Where an attack takes place. */
export interface Place {
  readonly project: string;
  /** A port of this machine on which somebody listens who is not granted. */
  readonly port: number;
  readonly services: Readonly<Record<string, unknown>>;
}

/** How an attack ended. */
export interface Outcome {
  /** What the plugin got, as text; `undefined` when it got nothing. */
  readonly loot: string | undefined;
  readonly error: unknown;
  readonly denied: Started['denied'];
}

const directory = `${import.meta.dirname}/plugins`;

/** Starts a hostile plugin, lets it do its trick, and ends it. */
export async function attack(name: string, { project, port, services }: Place): Promise<Outcome> {
  const plugin = await start({
    plugin: `hostile-${name}`,
    directory,
    entry: `./${name}.mts`,
    project,
    contributes: {
      commands: [{ id: 'trick', contract: 'command@1', summary: 'A trick' }],
      sources: [{ id: 'trick', contract: 'source@1', formats: ['rows', 'csv'] }],
    },
    requires: Object.keys(services).filter((key) => key !== 'vp.secrets@1' || name !== 'secret-undeclared'),
    permissions: {
      fs: ['read:granted/**'],
      // A wildcard, which names no machine: it never leads to this one.
      network: ['local*:*', 'api.example.com:443'],
      secrets: ['config.key'],
    },
    services: name === 'secret-undeclared' ? {} : services,
    // The others are not to fail for want of a processor.
    limits: {
      memoryMb: 200,
      unresponsiveMs: /^(infinite|blocking|endless-frames)/.test(name) ? 1_000 : 10_000,
      startMs: /^(hang|busy)-at-start$/.test(name) ? 1_500 : 20_000,
    },
  });
  let loot: unknown;
  let error: unknown;
  try {
    await plugin.activate();
    const trick = isSource(name) ? drain(plugin) : run(plugin, { project, port: String(port) });
    loot = await Promise.race([trick, delay(8_000, 'nothing happened', { ref: false })]);
  } catch (thrown) {
    error = thrown;
  }
  // What it does a moment later counts as well.
  if (error === undefined) await delay(300);
  await plugin.stop();
  return { loot: loot === undefined ? undefined : JSON.stringify(loot), error, denied: plugin.denied };
}

/** Tricks of sources are in what they give when they are read. */
const isSource = (name: string) => /^(endless-stream|rows-that-lie|file-(?!desc)|relation-)/.test(name);

async function run(plugin: Started, args: Record<string, string>): Promise<unknown> {
  const command = await plugin.instance(points.command, 'trick');
  return await command.run({ args, flags: {}, json: true, print() {} }, context());
}

/** Reads a hostile source to the end. */
async function drain(plugin: Started): Promise<unknown> {
  const source = await plugin.instance(points.source, 'trick');
  const read = await source.read({ options: {}, format: 'csv' }, context());
  for (const part of read.parts) {
    if (part.carrier === 'files') return part.files;
    if (part.carrier === 'relation') return part.sql;
    const items: AsyncIterable<unknown> = part.carrier === 'rows' ? part.batches : part.stream;
    for await (const item of items) return item;
  }
  return undefined;
}

/** Code of a `VpError`, name of another error. */
export function codeOf(error: unknown): string | undefined {
  if (isVpError(error)) return error.code;
  return error instanceof Error ? error.name : undefined;
}
