import type { CommandInfo } from '../shell/command-info.ts';

/** What a shell needs to know of one command. */
export interface Completion {
  /** `runs list`. */
  readonly words: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly text: string;
    readonly summary: string;
    readonly takesValue: boolean;
    readonly options: readonly string[];
  }[];
  /** Values of its first argument; `assets` stands for the project's. */
  readonly values: 'assets' | 'files' | readonly string[];
}

export function completions(commands: readonly CommandInfo[]): readonly Completion[] {
  return commands
    .filter((command) => !command.hidden)
    .map((command): Completion => {
      const [first] = Object.values(command.args);
      return {
        words: command.id.replaceAll(':', ' '),
        summary: command.summary,
        flags: Object.values(command.flags)
          .filter((flag) => !flag.hidden)
          .map((flag) => ({
            text: `--${flag.name}`,
            summary: flag.summary ?? '',
            takesValue: flag.type === 'option',
            options: flag.options ?? [],
          })),
        values:
          first === undefined ? [] : /^assets?$/.test(first.name) ? 'assets' : (first.options ?? 'files'),
      };
    });
}

/** Words that can come first: commands and the topics of longer ones. */
export function firstWords(all: readonly Completion[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { words: text, summary } of all) {
    const [first = '', second] = text.split(' ');
    if (second === undefined || !words.has(first))
      words.set(first, second === undefined ? summary : `${first} …`);
  }
  return words;
}

/** Words that can come after `first`. */
export function secondWords(all: readonly Completion[], first: string): readonly Completion[] {
  return all.filter((each) => each.words.startsWith(`${first} `));
}

/** A shell function that prints the project's assets: `vp` leaves their names in .vp/cache/assets. */
export const assetsFunction = `_vp_assets() {
  local dir="$PWD"
  while [ -n "$dir" ]; do
    if [ -f "$dir/vp.toml" ]; then
      [ -f "$dir/.vp/cache/assets" ] && cat "$dir/.vp/cache/assets"
      return
    fi
    dir="\${dir%/*}"
  done
}`;
