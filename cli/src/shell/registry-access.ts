import * as Flags from '@oclif/core/flags';
import { isVpError } from '@vp/contracts';
import type { PackageSource, RegistryClient } from '@vp/installer';
import type { Output } from '../ui/output.ts';
import { listenForInterrupts } from './interrupts.ts';

/** Flags of the commands that ask registries and work outside of projects too. */
export const registryFlags = {
  project: Flags.string({
    char: 'C',
    summary: 'The project whose .npmrc is used, instead of the one around this folder',
    helpValue: 'dir',
    helpGroup: 'GLOBAL',
  }),
  registry: Flags.string({
    summary: 'Ask this registry, instead of the one of .npmrc',
    helpValue: 'url',
    helpGroup: 'GLOBAL',
  }),
};

export interface RegistryAccess {
  readonly client: RegistryClient;
  /** The same registries, as the installer asks them. */
  readonly source: PackageSource;
  readonly signal: AbortSignal;
  [Symbol.dispose](): void;
}

export async function openRegistries(request: {
  readonly flags: { readonly project?: string | undefined; readonly registry?: string | undefined };
  readonly output: Output;
  /** Of an open session; else one is made that Ctrl-C aborts. */
  readonly signal?: AbortSignal;
}): Promise<RegistryAccess> {
  const { flags, output } = request;
  const { createRegistryClient, npmOptions, registrySource } = await import('@vp/installer');
  const projectDir = await projectAround(flags.project);
  const options = await npmOptions({
    ...(projectDir === undefined ? {} : { projectDir }),
    ...(flags.registry === undefined ? {} : { registry: flags.registry }),
  });
  const interrupts = request.signal === undefined ? listenForInterrupts(output) : undefined;
  const signal = request.signal ?? interrupts?.signal ?? new AbortController().signal;
  const client = createRegistryClient({ options, signal });
  return {
    client,
    source: registrySource({ options, signal, client }),
    signal,
    [Symbol.dispose]() {
      interrupts?.stop();
      for (const [registry, since] of client.stale())
        output.note(`warning: ${registry} does not answer; this is what it said ${since} (npm's cache).`);
    },
  };
}

/** The project's folder; none outside of projects, where the user's own .npmrc counts. */
async function projectAround(from: string | undefined): Promise<string | undefined> {
  const { findProject } = await import('../project/index.ts');
  try {
    return (await findProject(from ?? process.cwd())).root;
  } catch (error) {
    if (from === undefined && isVpError(error) && error.code === 'VP_PROJECT_NOT_FOUND') return undefined;
    throw error;
  }
}
