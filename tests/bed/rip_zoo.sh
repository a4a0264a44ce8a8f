#!/bin/bash
# Every kind of disc: the unmodified program over libcdio's Linux driver gives BIN, SUB and CUE as on the disc.
# usage: rip_zoo.sh [KIND…]
. "$(dirname "$0")/lib.sh"

for disc in ${*:-$(zoo)}; do
  truth "zoo:$disc"
  rip "zoo:$disc"
  like_truth "$disc" sub
  equal "$disc: what is left behind" "" "$(ls -A out | grep -Ev '^out\.(bin|cue|sub|cdt|log|json|sha256)$')"
done
finish
