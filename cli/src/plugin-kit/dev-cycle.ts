import { isVpError } from '@vp/contracts';
import * as z from 'zod';
import { runChild, runVp } from './child.ts';
import type { DevLink } from './dev-link.ts';
import { type FoundPackage, readPluginPackage } from './plugin-package.ts';
import { isProvable } from './prove.ts';
import { type LawTold, runKits } from './run-kits.ts';

/** What one look at a plugin came to: each step with its time, the last one with what is wrong. */
export interface CycleResult {
  readonly steps: readonly {
    readonly step: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly text: string;
  }[];
  readonly ok: boolean;
  /** What is wrong, at its place where that is known. */
  readonly problems: readonly string[];
}

interface CycleRequest {
  readonly link: DevLink;
  readonly directory: string;
  /** Assets to run instead of the laws. */
  readonly assets: readonly string[];
  readonly signal: AbortSignal;
}

type Step = { readonly text: string; readonly problems?: readonly string[] };

/** Builds a plugin, loads it in a fresh kernel, and proves it by its laws or runs assets with it. */
export async function devCycle(request: CycleRequest): Promise<CycleResult> {
  const done: CycleResult['steps'][number][] = [];
  const problems: string[] = [];
  const step = async (name: string, work: () => Promise<Step>): Promise<boolean> => {
    const began = performance.now();
    const { text, problems: found = [] } = await work().catch(thrown(request.signal));
    problems.push(...found);
    done.push({ step: name, ok: found.length === 0, ms: Math.round(performance.now() - began), text });
    return found.length === 0;
  };
  const last = () =>
    request.assets.length > 0
      ? step('run', () => runAssets(request))
      : step('laws', async () => proveQuickly(await readPluginPackage(request.directory), request.signal));
  const ok =
    (await step('build', () => build(request))) &&
    (await step('load', () => probe(request))) &&
    (await last());
  return { steps: done, ok, problems };
}

const thrown =
  (signal: AbortSignal) =>
  (error: unknown): Step => {
    signal.throwIfAborted();
    if (!isVpError(error)) throw error;
    return { text: error.code, problems: [[error.message, error.hint ?? ''].join(' ').trim()] };
  };

async function build({ directory, signal }: CycleRequest): Promise<Step> {
  const { raw } = await readPluginPackage(directory);
  const scripts = z.looseObject({ build: z.string().optional() }).safeParse(raw.scripts);
  if (!scripts.success || scripts.data.build === undefined) return { text: 'has no build script' };
  const { code, stdout, stderr } = await runChild('npm', ['run', '--silent', 'build'], {
    cwd: directory,
    signal,
  });
  if (code === 0) return { text: 'built' };
  const lines = `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^npm /.test(line));
  // As every editor and terminal follows it: src/a.ts:3:7
  const placed = lines.map((line) => line.replace(/^(\S+?)\((\d+),(\d+)\): (?:error )?/, '$1:$2:$3 '));
  return { text: 'the build fails', problems: placed.slice(0, 20) };
}

const answer = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
  stack: z.string().optional(),
});

async function probe({ link, directory, signal }: CycleRequest): Promise<Step> {
  const args = ['plugins', 'probe', link.key, '--json', '--project', link.project];
  const { stdout, stderr } = await runVp(args, { cwd: link.project, signal });
  const found = answer.safeParse(parse(stdout));
  if (!found.success) return { text: 'cannot be loaded', problems: [stderr.trim() || stdout.trim()] };
  const { error, stack = '' } = found.data;
  if (error === undefined) return { text: 'loaded' };
  const frame = stack.split('\n').find((line) => line.includes(directory) && !line.includes('node_modules'));
  const place =
    frame === undefined ? '' : `${/\(?((?:\/|[A-Za-z]:\\|file:).*:\d+:\d+)\)?$/.exec(frame)?.[1] ?? ''} `;
  const text = `${place}${error.code} ${error.message} ${error.hint ?? ''}`.trim();
  return { text: 'cannot be loaded', problems: [text.replace('file://', '')] };
}

async function proveQuickly(plugin: FoundPackage, signal: AbortSignal): Promise<Step> {
  if (!isProvable(plugin.package)) return { text: 'no kit is for what it brings' };
  const laws: LawTold['law'][] = [];
  await runKits({ plugin, signal, onLaw: ({ law }) => void laws.push(law) });
  const broken = laws.filter(({ outcome, level }) => outcome === 'failed' && level === 'must');
  const passed = laws.filter(({ outcome }) => outcome === 'passed').length;
  return {
    text: `${passed} of ${passed + broken.length} laws hold`,
    problems: broken.map(({ id, title, problem }) => problem ?? `${id} ${title}`),
  };
}

async function runAssets({ link, assets, signal }: CycleRequest): Promise<Step> {
  const { code, stdout, stderr } = await runVp(['run', ...assets, '--force'], { cwd: link.project, signal });
  const said = [stdout, stderr].join('\n').trim();
  return code === 0 ? { text: `ran ${assets.join(', ')}` } : { text: 'the run fails', problems: [said] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It died before it could answer.
    return undefined;
  }
}
