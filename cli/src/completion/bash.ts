import { assetsFunction, type Completion, firstWords, secondWords } from './model.ts';

export function bashCompletion(all: readonly Completion[]): string {
  const firsts = [...firstWords(all).keys()];
  const topics = firsts.filter((first) => secondWords(all, first).length > 0);
  const cases = all.map(({ words, flags, values }) => {
    const optionCases = flags
      .filter((flag) => flag.options.length > 0)
      .map(
        (flag) =>
          `        ${flag.text}) COMPREPLY=($(compgen -W "${flag.options.join(' ')}" -- "$cur")); return ;;`,
      );
    return `    "${words}")
      case "$prev" in
${optionCases.join('\n')}
        *) ;;
      esac
      flags="${flags.map((flag) => flag.text).join(' ')}"
      ${valueLine(values)} ;;`;
  });
  return `# bash completion of vp; add to ~/.bashrc:  eval "$(vp completion bash)"
${assetsFunction}
_vp() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" flags="" values="" files=""
  local first="\${COMP_WORDS[1]}" second="\${COMP_WORDS[2]}" command
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${firsts.join(' ')} --help --version" -- "$cur"))
    return
  fi
  case "$first" in
    ${topics.join('|') || '-'}) command="$first $second"
      if [ "$COMP_CWORD" -eq 2 ]; then
        case "$first" in
${topics.map((topic) => `          ${topic}) values="${secondNames(all, topic)}" ;;`).join('\n')}
        esac
        COMPREPLY=($(compgen -W "$values" -- "$cur"))
        return
      fi ;;
    *) command="$first" ;;
  esac
  case "$command" in
${cases.join('\n')}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$flags --help" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$values" -- "$cur"))
      if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$cur")); fi ;;
  esac
}
complete -F _vp vp
`;
}

const secondNames = (all: readonly Completion[], topic: string) =>
  secondWords(all, topic)
    .map((each) => each.words.slice(topic.length + 1))
    .join(' ');

function valueLine(values: Completion['values']): string {
  if (values === 'assets') return 'values="$(_vp_assets)"';
  if (values === 'files') return 'files=yes';
  return `values="${values.join(' ')}"`;
}
