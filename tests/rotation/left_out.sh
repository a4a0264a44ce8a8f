#!/bin/bash
# Holds what is left out somewhere against what there is: each pattern still leaves out something, and not all of them
# together leave out everything.
# usage: left_out.sh PROGRAM PATTERNS   as GoogleTest takes them, with colons between
set -euo pipefail
program=$1
failed=0

cases() { "$program" --gtest_list_tests "--gtest_filter=$1" | grep -c '^ ' || true; }

fail() {
  echo "FAILED: $(basename "$program"): $*"
  failed=1
}

IFS=: read -ra patterns <<<"$2"
for pattern in "${patterns[@]}"; do
  [ "$(cases "$pattern")" -gt 0 ] || fail "\"$pattern\" names no case any more"
done
[ "$(cases "-$2")" -gt 0 ] || fail "everything is left out"
exit $failed
