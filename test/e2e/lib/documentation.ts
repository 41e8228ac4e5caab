import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const patterns = [
  '*.md',
  'docs/**/*.md',
  '{contracts,kernel,plugin-sdk,cli,installer,isolation,scripts,registry,plugins/*}/README.md',
];

/** A page of the documentation, relative to the repository. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

export function pages(): readonly Page[] {
  return globSync(patterns, { cwd: root })
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

/** What a page tells its reader to type, or names: `vp run orders --force`. */
export interface CommandLine {
  readonly place: string;
  readonly words: readonly string[];
  /** Whether it stands in a block to be copied, and so must be whole. */
  readonly isWhole: boolean;
}

export function commandLines({ file, text }: Page): readonly CommandLine[] {
  const found: CommandLine[] = [];
  let fence: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const place = `${file}:${index + 1}`;
    const mark = /^\s*```(\w*)/.exec(line)?.[1];
    if (mark !== undefined) fence = fence === undefined ? mark : undefined;
    else if (fence === 'sh') {
      for (const [, rest = ''] of line.matchAll(/(?:^|&& |· |\$\()(?:\w+=\S+ )*(?:npx )?vp (.*)/g))
        found.push({ place, words: words(rest), isWhole: !/[[<]/.test(rest) });
    } else if (fence === undefined) {
      for (const [, code = ''] of line.matchAll(/`(?:npx )?vp ([^`]+)`/g))
        found.push({ place, words: words(code), isWhole: false });
    }
  }
  return found;
}

/** The words of a shell line up to what ends the command; `<placeholders>` are words. */
function words(line: string): readonly string[] {
  const found: string[] = [];
  for (const [word] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (/^(#.*|&&|\|\|?|;|<|>|·|\))$/.test(word)) break;
    if (/^(…|\[.*|.*\])$/.test(word)) continue;
    found.push(word.replaceAll(/["']/g, '').replace(/\)$/, ''));
  }
  return found;
}

/** Links of a page to files of the repository that lead nowhere. */
export function brokenLinks({ file, text }: Page): readonly string[] {
  const prose = text
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[()[\]]/g, ''));
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchors(readFileSync(join(root, target), 'utf8')).includes(anchor);
    });
}

/** What GitHub makes of the headings. */
function anchors(text: string): readonly string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}
