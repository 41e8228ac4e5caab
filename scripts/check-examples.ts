import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Example, findExamples } from './lib/examples.ts';
import { root } from './lib/repo.ts';
import { run } from './lib/run.ts';

// Inside the repository, so that imports resolve as they do for a workspace.
const folder = join(root, '.cache', 'examples');

/** Type-checks every example of the documentation in one run of tsc. */
async function main(): Promise<number> {
  const examples = findExamples();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, Example>();
  for (const [index, example] of examples.entries()) {
    const name = `example-${index}.ts`;
    files.set(name, example);
    // A module of its own, where names may be declared that nobody uses and `await` may stand.
    writeFileSync(join(folder, name), `${example.code}\nexport {};\n`);
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig(), null, 2));
  const { output, code } = await run('tsc', ['-p', folder, '--pretty', 'false']);
  console.log(`${examples.length} examples in ${new Set(examples.map((e) => e.file)).size} files`);
  if (output.trim() !== '') console.log(placed(output, files));
  return examples.length === 0 ? 1 : code;
}

function tsconfig(): object {
  const compilerOptions = {
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    sourceMap: false,
    inlineSources: false,
    rootDir: root,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
  };
  return { extends: '../../tsconfig.base.json', compilerOptions, include: ['*.ts'] };
}

/** The messages of tsc with the place of the example's line in place of the copy's. */
function placed(output: string, files: ReadonlyMap<string, Example>): string {
  return output.replaceAll(
    /^\S*?(example-\d+\.ts)\((\d+),(\d+)\)/gm,
    (all, name: string, line: string, column: string) => {
      const example = files.get(name);
      return example === undefined ? all : `${example.file}:${example.line + Number(line) - 1}:${column}`;
    },
  );
}

process.exitCode = await main();
