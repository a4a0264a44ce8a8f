#!/bin/bash
# Holds what is left out somewhere against what there is, so that no test falls out of all lists unseen.
# usage: left_out.sh PROGRAMS slow FILTER      every Slow* case of the programs is run by a test of its own: FILTER names
#                                              those that are
#        left_out.sh PROGRAM patterns PATTERNS each pattern still leaves out something, and not everything
# PROGRAMS: test programs with commas between; FILTER and PATTERNS as GoogleTest takes them, with colons between.
set -euo pipefail
failed=0

cases() { "$1" --gtest_list_tests "--gtest_filter=$2" | awk '/^[^ ]/ { suite = $1 } /^ / { print suite $1 }' | sort; }

fail() {
  echo "FAILED: $*"
  failed=1
}

case $2 in
  slow)
    IFS=, read -ra programs <<<"$1"
    for program in "${programs[@]}"; do
      while read -r name; do
        [ -z "$name" ] || fail "$(basename "$program"): $name is left out with Slow*, and no test runs it"
      done < <(comm -23 <(cases "$program" 'Slow*') <(cases "$program" "$3"))
    done
    ;;
  patterns)
    IFS=: read -ra patterns <<<"$3"
    for pattern in "${patterns[@]}"; do
      [ -n "$(cases "$1" "$pattern")" ] || fail "$(basename "$1"): \"$pattern\" names no case any more"
    done
    [ -n "$(cases "$1" "-$3")" ] || fail "$(basename "$1"): everything is left out"
    ;;
  *)
    echo "left_out.sh: error: expected slow or patterns, got \"$2\"" >&2
    exit 2
    ;;
esac
exit $failed
