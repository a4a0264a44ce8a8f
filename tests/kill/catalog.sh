#!/bin/bash
# catalog.sh BINRIP PRELOAD [--list]: `binrip catalog rebuild` is killed at each call that changes a file, and finds the
# disk full or broken there. Whatever happened, the catalogue can be read, has the discs of before or those of
# after, and the same command makes it whole. Of the ways in which a call goes wrong besides a kill before it, each
# call gets one in a run, and all in three runs (rotation.sh); --list names those of this run.
set -u
# shellcheck source=/dev/null
. "$(dirname "$0")/../support/rotation.sh" || exit 2
program=$(realpath "$1")
preload=$(realpath "$2")
work=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/binrip-kill-XXXXXX")")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache BINRIP_OFFLINE=1 LC_ALL=C.UTF-8

fail() {
  echo "$1"
  exit 1
}
sheets() { "$program" catalog export "$work/archive" --csv 2>&1 | cut -d, -f2 | sort | tr '\r\n' '  '; }
# The old catalogue has discs a and b; meanwhile a has gone, and c has come.
renew() {
  rm -rf archive
  cp -r start archive
}

mkdir -p archive/a archive/b
"$program" sim:zoo/audio-simple archive/a/a.cue --quiet || fail 'cannot rip'
cp -r archive/a/. archive/b
"$program" catalog rebuild archive >/dev/null || fail 'cannot make a catalogue'
mkdir archive/c
cp -r archive/a/. archive/c
rm -r archive/a
mv archive start

renew
before=$(sheets)
"$program" catalog rebuild archive >/dev/null || fail 'cannot rebuild'
after=$(sheets)
[ "$before" != "$after" ] || fail "expected another catalogue, got $after"

# Rebuilds in an archive with the old catalogue, or with none.
rebuild() {
  local from=$1 at=$2 how=$3
  renew
  [ "$from" = old ] || rm archive/catalog.db
  : >journal
  LD_PRELOAD=$preload BINRIP_KILL_FOLDER=$work/archive BINRIP_KILL_LOG=$work/journal BINRIP_KILL_AT=$at \
    BINRIP_KILL_HOW=$how "$program" catalog rebuild archive >/dev/null 2>err
}

check() {
  local from=$1 what=$2
  local now
  now=$(sheets)
  case $now in
    "$after") ;;
    "$before") [ "$from" = old ] || fail "$what: got the discs of a catalogue that was gone" ;;
    *'there is no catalogue'*) [ "$from" = none ] || fail "$what: the catalogue is gone" ;;
    *) fail "$what: got $now" ;;
  esac
  "$program" catalog rebuild archive >/dev/null 2>err || fail "$what: not mended: $(cat err)"
  [ "$(sheets)" = "$after" ] || fail "$what: mended to $(sheets)"
}

# One try; its exit code.
try() {
  local from=$1 how=$2 at=$3
  rebuild "$from" "$at" "$how" 2>/dev/null # the shell tells of each kill
  code=$?
  check "$from" "$how at $at from $from"
}

# "CALL WAY" for each of so many calls, a line each.
ways() {
  local calls=$1 at way names=(fail full half)
  for ((at = 1; at <= calls; at++)); do
    for way in 0 1 2; do
      ! rotation_takes $((at + way)) 3 || echo "$at ${names[way]}"
    done
  done
}

# How many calls a rebuild makes: it is killed before each of them, and before no other.
count_calls() {
  local from=$1 made=0 beyond=1 at
  is_made() { rebuild "$from" "$1" before 2>/dev/null; [ $? = 137 ]; }
  while is_made $beyond; do beyond=$((2 * beyond)); done
  made=$((beyond / 2))
  while [ $((beyond - made)) -gt 1 ]; do
    at=$(((made + beyond) / 2))
    if is_made $at; then made=$at; else beyond=$at; fi
  done
  calls=$made
}

if [ "${3:-}" = --list ]; then
  for from in old none; do
    count_calls $from
    ways "$calls" | sed "s/^/from $from: /"
  done
  exit
fi

for from in old none; do
  calls=0
  try $from before 1
  while [ $code = 137 ]; do
    calls=$((calls + 1))
    try $from before $((calls + 1))
  done
  [ $code = 0 ] || fail "before no call from $from: expected 0, got $code"
  [ $calls -ge 20 ] || fail "from $from: expected twenty calls or more, got $calls"
  # After a call is before the next one.
  while read -r at way; do
    try $from "$way" "$at"
    if [ "$way" = half ]; then # only a write can be; others are killed before they begin, or not at all
      [ $code = 137 ] || [ $code = 0 ] || fail "half at $at from $from: expected a kill, got $code"
    else
      [ $code -le 1 ] || fail "$way at $at from $from: expected 0 or 1, got $code"
    fi
  done <<<"$(ways "$calls")"
  echo "from $from: each of $calls calls"
done
