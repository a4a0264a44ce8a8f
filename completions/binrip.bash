# bash completion for binrip. Commands and options come from --help, so that they are those of the installed program.

_binrip_complete() {
  local word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]/#\~\//$HOME/} help command="" actions="" first
  first=${COMP_WORDS[1]-}
  help=$("$program" --help 2>/dev/null </dev/null) || return 0
  # "       binrip info DEVICE [--json]      show drive and disc"
  local commands
  commands=$(sed -nE '/^$/q; s/^(Usage:)? +binrip ([a-z]+) .*/\2/p' <<<"$help")
  if [ "$COMP_CWORD" -gt 1 ] && [[ $'\n'$commands$'\n' == *$'\n'"$first"$'\n'* ]]; then
    command=$first
    help=$("$program" "$command" --help 2>/dev/null </dev/null) || return 0
    # "Usage: binrip catalog list ARCHIVE             the discs in an archive"
    actions=$(sed -nE "/^$/q; s/^(Usage:)? +binrip $command ([a-z]+) .*/\2/p" <<<"$help")
    if [ "$COMP_CWORD" -gt 2 ] && [[ $'\n'$actions$'\n' == *$'\n'"${COMP_WORDS[2]}"$'\n'* ]]; then
      help=$("$program" "$command" "${COMP_WORDS[2]}" --help 2>/dev/null </dev/null) || return 0
    fi
  fi
  # "  -q, --quiet                 Only errors", "      --fill WITH             Unreadable data: …"
  local options previous=${COMP_WORDS[COMP_CWORD - 1]}
  options=$(sed -nE 's/^  (    |-[A-Za-z], )(--[a-z0-9-]+)( .*)?$/\2/p' <<<"$help")
  if [[ $previous == --* ]]; then
    local value
    value=$(sed -nE "s/^  (    |-[A-Za-z], )$previous ([^ ]+).*/\2/p" <<<"$help")
    case $value in
      "") ;;
      *"|"*) COMPREPLY=($(compgen -W "${value//|/ }" -- "$word")); return 0 ;;
      *) compopt -o default 2>/dev/null; return 0 ;;
    esac
  fi
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
    return 0
  fi
  compopt -o default 2>/dev/null # files, where nothing of this fits
  local candidates=""
  [ "$COMP_CWORD" -gt 1 ] || candidates=$commands
  [ "$COMP_CWORD" -ne 2 ] || candidates=$actions
  case $command in
    batch | drives | merge | verify | catalog) ;;
    *) candidates+=" $(compgen -G '/dev/sr*')" ;;
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$word"))
}
complete -F _binrip_complete binrip
