import { assetsFunction, type Completion, firstWords, secondWords } from './model.ts';

export function zshCompletion(all: readonly Completion[]): string {
  const firsts = firstWords(all);
  const topics = [...firsts.keys()].filter((first) => secondWords(all, first).length > 0);
  const cases = all.map(({ words, flags, values }) => {
    const withOptions = flags.filter((flag) => flag.options.length > 0);
    return `    ${quote(words)})
${withOptions.map((flag) => `      if [[ $prev == ${flag.text} ]]; then compadd -- ${flag.options.join(' ')}; return; fi`).join('\n')}
      flags=(${flags.map((flag) => quote(`${flag.text}:${flag.summary}`)).join(' ')})
      ${valueLine(values)} ;;`;
  });
  return `#compdef vp
# zsh completion of vp; add to ~/.zshrc:  eval "$(vp completion zsh)"
${assetsFunction}
_vp() {
  local first=$words[2] second=$words[3] prev=$words[CURRENT-1] files="" command
  local -a flags values names
  if (( CURRENT == 2 )); then
    names=(${[...firsts].map(([word, summary]) => quote(`${word}:${summary}`)).join(' ')})
    _describe command names
    return
  fi
  case $first in
    ${topics.join('|') || '-'}) command="$first $second"
      if (( CURRENT == 3 )); then
        case $first in
${topics.map((topic) => `          ${topic}) names=(${secondNames(all, topic)}) ;;`).join('\n')}
        esac
        _describe command names
        return
      fi ;;
    *) command=$first ;;
  esac
  case $command in
${cases.join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe flag flags
  else
    (( $#values )) && compadd -- $values
    [[ -n $files ]] && _files
  fi
}
compdef _vp vp
`;
}

const secondNames = (all: readonly Completion[], topic: string) =>
  secondWords(all, topic)
    .map((each) => quote(`${each.words.slice(topic.length + 1)}:${each.summary}`))
    .join(' ');

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function valueLine(values: Completion['values']): string {
  if (values === 'assets') return 'values=($(_vp_assets))';
  if (values === 'files') return 'files=yes';
  return `values=(${values.join(' ')})`;
}
