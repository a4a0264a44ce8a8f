#!/bin/bash
# support/rotation.sh says the same as support/rotation.hpp.
set -uo pipefail
support=$(cd "$(dirname "$0")/../support" && pwd)
failures=0

# with ROTATION COMMAND…: the command, after rotation.sh; ROTATION "-": the variable is not set.
# shellcheck disable=SC2016  # expanded by the other shell
with() {
  local rotation=$1
  shift
  if [ "$rotation" = - ]; then
    env -u BINRIP_ROTATION bash -c '. "$0/rotation.sh"; "$@"' "$support" "$@" 2>&1
  else
    BINRIP_ROTATION=$rotation bash -c '. "$0/rotation.sh"; "$@"' "$support" "$@" 2>&1
  fi
}

# gives WHAT EXPECTED ROTATION COMMAND…: what it writes and, where it is not 0, its exit code.
gives() {
  local what=$1 expected=$2 got code
  shift 2
  got=$(with "$@")
  code=$?
  got=$(tr '\n' ' ' <<<"$got")
  [ "$code" -eq 0 ] || got+="($code)"
  [ "$got" = "$expected" ] || {
    echo "FAILED: $what: expected '$expected', got '$got'"
    failures=$((failures + 1))
  }
}

gives "the first run" "a d g " 0 rotation_pick 3 a b c d e f g
gives "the second run" "b e " 1 rotation_pick 3 a b c d e f g
gives "the third run" "c f " 2 rotation_pick 3 a b c d e f g
gives "the fourth run" "a d g " 3 rotation_pick 3 a b c d e f g
gives "a much later run" "b e " 3001 rotation_pick 3 a b c d e f g
gives "all" "a b c d e f g " all rotation_pick 3 a b c d e f g
gives "without the variable" "a d g " - rotation_pick 3 a b c d e f g
gives "a period of one" "a b c " 5 rotation_pick 1 a b c
gives "fewer words than runs" " " 2 rotation_pick 3 a b
gives "words with spaces" "a b c " 0 rotation_pick 1 "a b" c
gives "a number with zeros in front" "b " 0009 rotation_pick 8 a b c
gives "takes" " " 12 rotation_takes 5 7
gives "does not take" " (1)" 12 rotation_takes 6 7
for wrong in "" " " -1 +1 1.5 "1 " ALL 0x1; do
  gives "'$wrong'" "BINRIP_ROTATION: expected a whole number or \"all\", got \"$wrong\" (2)" "$wrong" rotation_pick 3 a
done
[ "$failures" -eq 0 ] && echo "all well"
