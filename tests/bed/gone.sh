#!/bin/bash
# A drive that goes away while it is read and stays away. Another one of the same model is not taken for it.
. "$(dirname "$0")/lib.sh"

truth zoo:mixed-mode
mkdir out
bed --disc zoo:mixed-mode --numbers 0,1 --vanish-after 60 -- \
  timeout 100 "$BINRIP" /dev/sr0 out/out.cue --quiet >rip.out 2>rip.err
equal "gone for good: exit code" 1 $?
has_line "gone for good" '^binrip: error: the drive that was /dev/sr0 has not come back within 30 s' rip.err
has_line "gone for good" '^hint: .*the same command goes on' rip.err
[ ! -e out/out.cue ] || fail "gone for good: a sheet is there"
bed --disc zoo:mixed-mode -- "$BINRIP" /dev/sr0 out/out.cue --quiet >rip.out 2>rip.err
equal "going on: exit code" 0 $?
like_truth "going on" sub
finish
