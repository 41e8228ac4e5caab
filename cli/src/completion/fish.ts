import { type Completion, firstWords } from './model.ts';

export function fishCompletion(all: readonly Completion[]): string {
  const firsts = [...firstWords(all)];
  const lines = [
    '# fish completion of vp; save as ~/.config/fish/completions/vp.fish',
    `function __vp_assets
  set -l dir $PWD
  while test -n "$dir"
    if test -f "$dir/vp.toml"
      test -f "$dir/.vp/cache/assets"; and cat "$dir/.vp/cache/assets"
      return
    end
    set dir (string replace -r '/[^/]*$' '' -- $dir)
  end
end`,
    'complete -c vp -f',
    ...firsts.map(
      ([word, summary]) => `complete -c vp -n __fish_use_subcommand -a ${word} -d ${quote(summary)}`,
    ),
  ];
  for (const { words, summary, flags, values } of all) {
    const [first = '', second] = words.split(' ');
    const here =
      second === undefined
        ? `__fish_seen_subcommand_from ${first}`
        : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
    if (second !== undefined) {
      const open = `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${secondsOf(all, first)}`;
      lines.push(`complete -c vp -n ${quote(open)} -a ${second} -d ${quote(summary)}`);
    }
    for (const flag of flags) {
      const value =
        flag.options.length > 0 ? ` -x -a ${quote(flag.options.join(' '))}` : flag.takesValue ? ' -r' : '';
      lines.push(
        `complete -c vp -n ${quote(here)} -l ${flag.text.slice(2)}${value} -d ${quote(flag.summary)}`,
      );
    }
    if (values === 'assets') lines.push(`complete -c vp -n ${quote(here)} -a '(__vp_assets)'`);
    else if (values === 'files') lines.push(`complete -c vp -n ${quote(here)} -F`);
    else if (values.length > 0) lines.push(`complete -c vp -n ${quote(here)} -a ${quote(values.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}

const secondsOf = (all: readonly Completion[], first: string) =>
  all
    .flatMap(({ words }) => (words.startsWith(`${first} `) ? [words.slice(first.length + 1)] : []))
    .join(' ');

const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
