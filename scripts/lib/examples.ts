import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './repo.ts';

/** A ```ts block of the documentation. */
export interface Example {
  /** Relative to the repository. */
  readonly file: string;
  /** 1-based line of the first line of the code. */
  readonly line: number;
  readonly code: string;
}

const sources = ['contracts/src/**/*.ts', 'plugin-sdk/src/**/*.ts', 'cli/src/**/*.ts'];
const pages = ['README.md', 'docs/**/*.md', '{contracts,kernel,plugin-sdk,cli,plugins/*}/README.md'];

/** Every example that must compile: ```ts blocks of doc comments and pages, but not ```ts no-check. */
export function findExamples(): readonly Example[] {
  const find = (patterns: readonly string[]) =>
    globSync([...patterns], { cwd: root })
      .filter((file) => !/\.test(-d)?\.ts$/.test(file))
      .sort();
  return [...find(sources), ...find(pages)].flatMap((file) =>
    examplesIn(file, readFileSync(join(root, file), 'utf8')),
  );
}

/** The examples of one file's text; in TypeScript only those of doc comments. */
export function examplesIn(file: string, text: string): readonly Example[] {
  const inComments = file.endsWith('.ts');
  const fence = inComments ? /^\s*\* ```(.*)$/ : /^```(.*)$/;
  const examples: Example[] = [];
  let open: { readonly line: number; readonly checked: boolean; readonly code: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const mark = fence.exec(line)?.[1];
    if (mark === undefined) open?.code.push(inComments ? line.replace(/^\s*\* ?/, '') : line);
    else if (open === undefined) open = { line: index + 2, checked: mark.trim() === 'ts', code: [] };
    else {
      if (open.checked) examples.push({ file, line: open.line, code: open.code.join('\n') });
      open = undefined;
    }
  }
  return examples;
}
