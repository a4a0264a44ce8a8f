#!/bin/bash
# A drive that goes away while it is read and comes back under another number, with libcdio and with SG_IO.
. "$(dirname "$0")/lib.sh"

truth zoo:mixed-mode
for kind in cdio sg; do
  # In another place, too: it is known by its serial number.
  rip_options=(--transport $kind)
  rip zoo:mixed-mode --vanish-after 60 --reappear-as 11
  like_truth "back as number 11, $kind" sub
  has_line "back as number 11, $kind: the log" "the drive was away for a while, and came back as /dev/s[rg]11" out/out.log
done

# Another model in its place is another drive: see follow_drive_test.cpp.

# Sixteen drives at once.
numbers=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
bed --numbers $numbers -- "$BINRIP" drives >drives.out 2>drives.err
equal "sixteen drives: exit code" 0 $?
equal "sixteen drives" "$(seq -f '/dev/sr%g' 0 15)" "$(grep -o '^/dev/sr[0-9]*' drives.out)"
rip_options=()
rm -rf out
mkdir out
bed --numbers $numbers --disc none,none,none,none,none,none,none,none,none,none,none,none,none,none,none,zoo:mixed-mode \
  -- "$BINRIP" /dev/sr15 out/out.cue --quiet >rip.out 2>rip.err
equal "the sixteenth drive: exit code" 0 $?
like_truth "the sixteenth drive" sub
finish
