import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root, type Workspace, workspaces } from './repo.ts';
import { type RunResult, run } from './run.ts';

export interface Packed extends Workspace {
  readonly tarball: string;
  readonly shasum: string;
  readonly files: readonly string[];
}

/** What `npm pack --json` says of one package. */
interface PackReport {
  readonly name: string;
  readonly filename: string;
  readonly shasum: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs every publishable package as npm would publish it; `dispose` removes the tarballs. */
export async function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'vp-pack-'));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  const args = ['pack', '--workspaces', '--json', '--ignore-scripts', '--loglevel=error'];
  const { code, output } = await run('npm', [...args, '--pack-destination', folder]);
  if (code !== 0) {
    dispose();
    throw new Error(output);
  }
  const reports: readonly PackReport[] = JSON.parse(output);
  const byName = new Map(reports.map((report) => [report.name, report]));
  const packed = workspaces()
    .filter(({ manifest }) => !manifest.private)
    .map((workspace): Packed => {
      const found = byName.get(workspace.manifest.name);
      if (!found) throw new Error(`npm pack left out ${workspace.manifest.name}`);
      const files = found.files.map(({ path }) => path);
      return { ...workspace, tarball: join(folder, found.filename), shasum: found.shasum, files };
    });
  return { packed, dispose };
}

/** Is what package.json promises in the tarball, and in the right form? */
export async function runPublint(packed: readonly Packed[]): Promise<RunResult> {
  const lines: string[] = [];
  for (const { dir, tarball, files } of packed) {
    for (const file of ['LICENSE', 'README.md']) {
      if (!files.includes(file)) lines.push(`${dir}: ${file} is not in the tarball`);
    }
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    });
    for (const message of messages) {
      lines.push(`${dir}: ${message.type}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
    }
  }
  return { code: lines.length > 0 ? 1 : 0, output: lines.join('\n') };
}

const cacheFile = join(root, '.cache', 'attw.json');

function readCache(): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(cacheFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Do the types resolve for who installs the tarball? Half a second each, so what passed once is not asked again. */
export async function runAttw(packed: readonly Packed[]): Promise<RunResult> {
  const cache = readCache();
  const passed: Record<string, string> = {};
  const failures: string[] = [];
  const queue = packed.filter(({ manifest, shasum }) => {
    const known = cache[manifest.name] === shasum;
    if (known) passed[manifest.name] = shasum;
    return !known;
  });

  const worker = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { code, output } = await run('attw', ['--profile', 'esm-only', '--no-emoji', next.tarball]);
      if (code === 0) passed[next.manifest.name] = next.shasum;
      else failures.push(`${next.dir}:\n${output}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));

  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(cacheFile, `${JSON.stringify(passed, null, 2)}\n`);
  return { code: failures.length > 0 ? 1 : 0, output: failures.join('\n') };
}
