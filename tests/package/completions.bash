# completions.bash COMPLETION_FILE BINRIP: whether bash completes the commands and options that --help has, no more and
# no less.
# shellcheck disable=SC2207
set -u
failures=0
fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}
. "$1" || exit 1
program=$2
complete -p binrip >/dev/null || fail "nothing is registered for binrip"

# complete_words WORD…: what is offered for the last word, a line each, sorted
complete_words() {
  COMP_WORDS=("$program" "$@")
  COMP_CWORD=$#
  COMPREPLY=()
  _binrip_complete 2>/dev/null
  [ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort
}
equal() { # WHAT EXPECTED GOT
  [ "$2" = "$3" ] || fail "$1: expected [$2], got [$3]"
}
# The options of a help text, found in another way: the first word with "--" in a line that is indented and has one.
options_of() { awk '/^  / { for (i = 1; i <= 2; ++i) if ($i ~ /^--/) { print $i; break } }' | sort; }

commands=$("$program" --help | awk '/^$/ { exit } $1 == "binrip" && $2 ~ /^[a-z]+$/ { print $2 }' | sort -u)
[ "$(wc -w <<<"$commands")" -ge 7 ] || fail "fewer commands than there are: $commands"
for command in "" $commands; do
  # shellcheck disable=SC2086
  expected=$("$program" $command --help | options_of)
  [ "$(wc -l <<<"$expected")" -ge 2 ] || fail "$command: fewer options than there are"
  # shellcheck disable=SC2086
  equal "options of '$command'" "$expected" "$(complete_words $command --)"
done
# Those of an action of a command.
for action in list show search export verify rebuild; do
  expected=$("$program" catalog $action --help | options_of)
  equal "options of 'catalog $action'" "$expected" "$(complete_words catalog $action --)"
done
equal "actions" "export list rebuild search show verify" "$(complete_words catalog '' | grep -v '^/dev/' | xargs)"
equal "commands" "$commands" "$(complete_words '' | grep -v '^/dev/' | sort -u)"
equal "one command" "merge" "$(complete_words me)"
equal "no commands later on" "" "$(complete_words info me)"
equal "an option by its beginning" "--speed" "$(complete_words /dev/sr0 --spe)"
equal "no option after one with a value" "" "$(complete_words /dev/sr0 --sign '')"
[ "$failures" = 0 ]
