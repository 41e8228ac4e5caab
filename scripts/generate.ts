import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { GeneratedFile } from './lib/generated.ts';
import { root } from './lib/repo.ts';

/** What every `scripts/generate/*.ts` makes. Needs a build: generators read manifests and tables. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for (const file of globSync('scripts/generate/*.ts', { cwd: root }).sort()) {
    const generator: { generate(): Promise<readonly GeneratedFile[]> } = await import(join(root, file));
    files.push(...(await generator.generate()));
  }
  return files;
}

/** Those of them that are not on disk as they would be written. */
export async function staleFiles(): Promise<readonly GeneratedFile[]> {
  const files = await generatedFiles();
  return files.filter(({ file, text }) => read(join(root, file)) !== text);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const stale = await staleFiles();
  for (const { file, text } of stale) {
    if (values.check) {
      console.error(`${file} is not what the sources say: npm run generate`);
      continue;
    }
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
    console.log(`wrote ${file}`);
  }
  process.exitCode = values.check && stale.length > 0 ? 1 : 0;
}
