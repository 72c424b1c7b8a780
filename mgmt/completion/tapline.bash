# bash completion for tapline(1). Commands and options come from the program's own help, so they are always true.

_tapline() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} program=${COMP_WORDS[0]}
  local command=${COMP_WORDS[1]-} words
  COMPREPLY=()

  if ((COMP_CWORD == 1)); then
    words=$("$program" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]\+\) .*/\1/p')
    mapfile -t COMPREPLY < <(compgen -W "$words --help --version" -- "$current")
    return
  fi
  case $previous in
    --config | --csv | --pcap | --socket | --maillog | --querylog | --state | --spool | -w)
      mapfile -t COMPREPLY < <(compgen -f -- "${current#*=}")
      return
      ;;
    --step)
      mapfile -t COMPREPLY < <(compgen -W "1s 1m 1h 1d" -- "$current")
      return
      ;;
    --correlate)
      mapfile -t COMPREPLY < <(compgen -W "client address" -- "$current")
      return
      ;;
  esac
  if [[ $current == -* ]]; then
    words=$("$program" "$command" --help 2>/dev/null | grep -o -e '--[a-z][a-z-]*' | sort -u)
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    return
  fi
  if ((COMP_CWORD == 2)); then
    # What the help lists below its usage, or after the command's name there.
    words=$("$program" "$command" --help 2>/dev/null |
      sed -n -e '/^Options:/q' -e "s/^\(Usage:\|      \) tapline $command \([a-z-]\+\)\b.*/\2/p" -e 's/^  \([a-z-]\+\) .*/\1/p' | sort -u)
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    ((${#COMPREPLY[@]} > 0)) && return
  fi
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
}
complete -o filenames -F _tapline tapline
