#!/bin/bash
# Drives of every habit give the same image. The discs: one with audio up to both ends, one with data and
# sessions.
# usage: rip_habits.sh [--list] [DISC…]
# Each run rips every disc and meets every habit, but not all pairs of them: rotation.sh says which. --list names
# them and rips nothing.
. "$(dirname "$0")/../support/rotation.sh" || exit 2 # before lib.sh, which goes elsewhere
. "$(dirname "$0")/lib.sh"

list=no
if [ "${1:-}" = --list ]; then
  list=yes
  shift
fi
discs=("$@")
[ ${#discs[@]} -gt 0 ] || discs=(audio-htoa mixed-mode cd-extra)

# What comes of it, the read offset that binrip is told or "-", and the drive's options. What comes of it: "sub"
# where everything is like on the disc, "nosub" where only Q comes, "unproven" where nothing proves where a sector
# of audio came from: it is right, but not called so.
habits=()
for offset in 6 667 -472 -1164; do
  habits+=("sub $offset --read-offset $offset"
    "sub $offset --read-offset $offset --order main-sub-c2 --c2 bits")
done
habits+=(
  "sub 667 --read-offset 667 --overread-in 0 --overread-out 0"
  "sub -1164 --read-offset -1164 --overread-in 0 --overread-out 0"
  "sub - --order main-sub-c2"
  "sub - --transfer-limit 65536"
  "sub - --transfer-limit 43520"
  "sub - --transfer-limit 8192"
  "sub - --c2 none"
  "nosub - --sub q"
  "sub - --separate"
  "sub - --separate --order main-sub-c2 --c2 bits"
  "sub - --no-capabilities"
  "sub - --no-full-toc"
  "sub - --becoming-ready 3 --unit-attention"
  "sub - --deny write"
  "unproven - --sub none"
)

# habit DISC RESULT OFFSET OPTIONS…: the same rip on a drive like that.
habit() {
  local disc=$1 result=$2 offset=$3
  shift 3
  rip_options=()
  [ "$offset" = - ] || rip_options=(--read-offset "$offset")
  if [ "$result" = unproven ]; then
    rip_code=2
    rip "zoo:$disc" "$@"
    rip_code=0
    same_file "$disc $*" truth/out.bin out/out.bin
  else
    rip "zoo:$disc" "$@"
    like_truth "$disc $*" "$result"
  fi
}

for d in "${!discs[@]}"; do
  [ "$list" = yes ] || truth "zoo:${discs[d]}"
  for h in "${!habits[@]}"; do
    rotation_takes $((d + h)) ${#discs[@]} || continue
    if [ "$list" = yes ]; then
      echo "${discs[d]}: ${habits[h]}"
    else
      read -ra words <<<"${habits[h]}"
      habit "${discs[d]}" "${words[@]}"
    fi
  done
done
[ "$list" = yes ] || finish
