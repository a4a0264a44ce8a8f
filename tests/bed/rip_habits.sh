#!/bin/bash
# Drives of every habit give the same image. The discs: one with audio up to both ends, one with data and
# sessions.
. "$(dirname "$0")/lib.sh"

discs=${1:-"audio-htoa mixed-mode cd-extra"}

# habit SUB OPTIONS…: the same rip on a drive like that. SUB: "sub", or "nosub" where only Q comes.
habit() {
  local sub=$1
  shift
  rip "zoo:$disc" "$@"
  like_truth "$disc $*" "$sub"
}

for disc in $discs; do
  truth "zoo:$disc"
  for offset in 6 667 -472 -1164; do
    rip_options=(--read-offset "$offset")
    habit sub --read-offset "$offset"
    habit sub --read-offset "$offset" --order main-sub-c2 --c2 bits
  done
  rip_options=(--read-offset 667)
  habit sub --read-offset 667 --overread-in 0 --overread-out 0
  rip_options=(--read-offset -1164)
  habit sub --read-offset -1164 --overread-in 0 --overread-out 0
  rip_options=()
  habit sub --order main-sub-c2
  habit sub --transfer-limit 65536
  habit sub --transfer-limit 43520
  habit sub --transfer-limit 8192
  habit sub --c2 none
  habit nosub --sub q
  habit sub --separate
  habit sub --separate --order main-sub-c2 --c2 bits
  habit sub --no-capabilities
  habit sub --no-full-toc
  habit sub --becoming-ready 3 --unit-attention
  habit sub --deny write
  # Without any subchannel nothing proves where a sector of audio came from: right, but not called so.
  rip_code=2
  rip "zoo:$disc" --sub none
  rip_code=0
  same_file "$disc --sub none" truth/out.bin out/out.bin
done
finish
