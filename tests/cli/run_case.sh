#!/bin/bash
# run_case.sh BINRIP CASE: runs one case of tests/cli/cases against the program, in an empty folder.
# A case is a script that runs `binrip …` and says what it expects of exit code, both streams, and files.
set -u
program=$(realpath "$1")
case_file=$(realpath "$2")

work=$(mktemp -d "${TMPDIR:-/tmp}/binrip-cli-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/files" "$work/config" "$work/cache"
cd "$work/files" || exit 1
export XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache LC_ALL=C.UTF-8 TERM=dumb
export BINRIP_OFFLINE=1 # no test asks the world's servers; one with a server of its own unsets it
unset NO_COLOR

code=0
problems=0

problem() {
  echo "$(basename "$case_file"):${BASH_LINENO[1]}: $1"
  echo "--- standard output"; head -c 4000 "$work/out"
  echo "--- standard error"; head -c 4000 "$work/err"
  problems=$((problems + 1))
}

# Runs the program; what it wrote and its exit code are kept for what is expected of them.
binrip() {
  code=0
  "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
}
# wait_for WHAT COMMAND…: until it succeeds, a minute at most.
wait_for() {
  local what=$1 last=$((SECONDS + 60))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$last" ] || { problem "waited a minute in vain for $what"; return 1; }
    sleep 0.05
  done
}
expect_code() { [ "$code" = "$1" ] || problem "expected exit code $1, got $code"; }
# The whole stream.
expect_out() { [ "$(cat "$work/out")" = "$1" ] || problem "expected on standard output: $1"; }
expect_err() { [ "$(cat "$work/err")" = "$1" ] || problem "expected on standard error: $1"; }
# A line of it that matches an extended regular expression as a whole.
expect_out_line() { grep -qxE -- "$1" "$work/out" || problem "expected a line on standard output: $1"; }
expect_err_line() { grep -qxE -- "$1" "$work/err" || problem "expected a line on standard error: $1"; }
expect_no_err_line() { ! grep -qxE -- "$1" "$work/err" || problem "expected no line on standard error: $1"; }
# One error in the program's form, and perhaps a hint; nothing else.
expect_error() {
  expect_code 1
  [ -s "$work/out" ] && problem "expected nothing on standard output"
  [ "$(grep -cE '^binrip: error: ' "$work/err")" = 1 ] || problem "expected one error"
  grep -qE "^binrip: error: $1\$" "$work/err" || problem "expected the error: $1"
  ! grep -qE '^binrip: error: .*\.$' "$work/err" || problem "expected no full stop"
  ! grep -qvE '^(binrip: error: |hint: )' "$work/err" || problem "expected an error and a hint only"
}
# All files in the folder, a name each argument, in any order.
expect_files() {
  local there wanted
  there=$(find . -mindepth 1 -printf '%P\n' | sort)
  wanted=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
  [ "$there" = "$wanted" ] || problem "expected the files $(echo $wanted), got $(echo $there)"
}
expect_same() { cmp -s "$1" "$2" || problem "expected $1 and $2 to be the same"; }
expect_in_file() { grep -qE -- "$2" "$1" || problem "expected in $1: $2"; }
expect_size() {
  local size
  size=$(stat -c %s "$1")
  [ "$size" = "$2" ] || problem "expected $1 to have $2 bytes, got $size"
}

: >"$work/out"
: >"$work/err"
. "$case_file"
[ "$problems" = 0 ]
