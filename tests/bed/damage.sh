#!/bin/bash
# Damaged discs and drives that lie, ripped by the real binary: no sector that is called good differs from the disc,
# and what can be got back is.
. "$(dirname "$0")/lib.sh"

# damaged DISC CODE OPTION…: rips it in a drive with these options of software drives, and expects the exit code.
damaged() {
  local disc=$1 option options=()
  rip_code=$2
  shift 2
  for option in "$@"; do options+=(--sim-option "$option"); done
  rip_options=(--retries 20 --read-offset 0)
  rip "$disc" "${options[@]}"
  what="$disc $*"
  honest
}

# The image against the truth, by the map where there is one; words of what was found: "good 3000 wrong 0 lost 0".
honest() {
  local map=()
  [ ! -e out/out.map ] || map=(out/out.map)
  checks=$((checks + 1))
  if [ ! -e out/out.bin ]; then
    found="nothing"
    return
  fi
  "$BINRIP_COMPARE_IMAGES" truth/out.bin out/out.bin ${map[@]+"${map[@]}"} >found 2>&1 || fail "$what: called good and wrong" found rip.err
  found=$(awk '{ print $3, $4, $7, $8, $9, $10 }' found)
}

all_good() {
  equal "$what" "good $sectors wrong 0 lost 0" "$found"
  like_truth "$what" sub
}

truth zoo:audio-simple
sectors=3000
damaged zoo:audio-simple 0 fault-c2=500+60,bytes=300,success=30
all_good
damaged zoo:audio-simple 0 fault-hard=500+20:3
all_good
damaged zoo:audio-simple 3 fault-hard=500+20
equal "$what" "good 2980 wrong 0 lost 20" "$found"
has_line "$what" '^500 20 failed$' out/out.map
damaged zoo:audio-simple 0 fault-hang=700:1
all_good
damaged zoo:audio-simple 0 fault-aborted=700:2
all_good
damaged zoo:audio-simple 0 fault-reset=700
all_good
for fault in zeros untouched previous; do
  damaged zoo:audio-simple 0 "fault-$fault=700:1"
  all_good
done

# Without C2 only two reads that agree prove anything, and both must have come from the disc.
damaged zoo:audio-simple 0 c2=none fault-c2=500+30,bytes=50,success=60
all_good
damaged zoo:audio-simple 0 c2=none fua=no fault-c2=500+30,bytes=50,success=60
all_good

# Mode 1: what C2 marks, and the sync and header among it, is mended by the ECC although every read is wrong.
truth zoo:data-mode1
sectors=2500
damaged zoo:data-mode1 0 fault-c2=500+60,bytes=100,repeats=yes
all_good
damaged zoo:data-mode1 0 c2=none fault-c2=500+60,bytes=12,repeats=yes
all_good

# Another disc in the middle: nothing of it gets in. The first one again, and the rip goes on.
truth zoo:audio-simple
rm -rf out
mkdir out
bed --disc zoo:audio-simple --lay-by zoo:audio-htoa --sim-option fault-changed=2222 -- \
  "$BINRIP" /dev/sr0 out/out.cue --quiet --read-offset 0 >rip.out 2>rip.err
equal "disc changed: exit code" 1 $?
has_line "disc changed" '^binrip: error: (another disc is in the drive now|the disc was changed while it was being read)$' rip.err
equal "disc changed: published" "out.partial" "$(ls out)"

# goes_on WHAT: the same command, in a drive that is well.
goes_on() {
  bed --disc zoo:audio-simple -- "$BINRIP" /dev/sr0 out/out.cue --quiet --read-offset 0 >rip.out 2>rip.err
  equal "$1, then the same command: exit code" 0 $?
  like_truth "$1, then the same command" sub
}
goes_on "disc changed"

# The drive is unplugged, and plugged in again.
rm -rf out
mkdir out
bed --disc zoo:audio-simple --sim-option fault-vanish=2222 -- \
  "$BINRIP" /dev/sr0 out/out.cue --quiet --read-offset 0 >rip.out 2>rip.err
equal "vanished: exit code" 1 $?
equal "vanished: lines on stderr besides hints" 1 "$(grep -vc '^hint: ' rip.err)"
has_line "vanished" '^binrip: error: ' rip.err
equal "vanished: published" "out.partial" "$(ls out)"
goes_on "vanished"
finish
