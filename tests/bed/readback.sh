#!/bin/bash
# Images that binrip wrote, read by others: libcdio's own BIN/CUE driver, bchunk, isoinfo.
# usage: readback.sh [--list]
# A run takes a rotating part of the discs (rotation.sh); --list names them.
. "$(dirname "$0")/../support/rotation.sh" || exit 2 # before lib.sh, which goes elsewhere
. "$(dirname "$0")/lib.sh"

# An image has no session gaps: an address there is a position in out.bin. CD-i is left out: libcdio and
# bchunk know no CDI/2352.
discs=$(rotation_pick 3 audio-simple audio-htoa audio-isrc-mcn data-mode1 mixed-mode data-xa three-sessions cd-extra \
  audio-99)
split_discs=$(rotation_pick 3 audio-99 cd-extra audio-htoa mixed-mode)
if [ "${1:-}" = --list ]; then
  for disc in $discs; do echo "$disc"; done
  for disc in $split_discs; do echo "$disc in split files"; done
  exit
fi

for disc in $discs; do
  truth "zoo:$disc"
  rip "zoo:$disc"
  check "cd-info on $disc.cue" cd-info --no-header --no-cddb --no-device-info -i out/out.cue
  mv check.log info
  equal "$disc: tracks as cd-info tells" "$(tracks | awk '{ print $1, $8, ($3 == "audio" ? "audio" : "data") }')" \
    "$(awk '/^ *[0-9]+: [0-9:]+ +[0-9]+ / && $1 != "170:" { print $1 + 0, $3 + 0, ($4 == "audio" ? "audio" : "data") }' info)"
  equal "$disc: lead-out as cd-info tells" $(($(stat -c %s truth/out.bin) / 2352)) "$(awk '$1 == "170:" { print $3 + 0 }' info)"
  equal "$disc: MCN as cd-info tells" "$(awk '$1 == "mcn" { print $2 }' truth/disc.txt)" \
    "$(sed -n 's/^Media Catalog Number (MCN): \([0-9]*\)$/\1/p' info)"

  # bchunk cuts tracks from INDEX 01 to the next track's first index.
  check "bchunk on $disc.cue" bchunk out/out.bin out/out.cue part
  while read -r number session mode _ start begin end sector _; do
    part=$(printf 'part%02d' "$number")
    [ "$number" -gt 3 ] && [ "$number" -lt 98 ] && continue
    if [ "$mode" = audio ]; then
      sectors truth/out.bin "$sector" $((end - start)) >want
      same_file "$disc: track $number as bchunk cuts it" want "$part.cdr"
    else
      check "isoinfo on track $number of $disc" isoinfo -l -N "$start" -i "$part.iso"
      has_line "isoinfo on track $number of $disc" ' (DATA|README)' check.log
      isoinfo -d -N "$start" -i "$part.iso" >check.log 2>&1
      has_line "volume of track $number of $disc" "^Volume id: BINRIP_$session" check.log
    fi
  done <<<"$(tracks)"
  rm -f part*
done

# cd-read: sectors through libcdio's driver for images.
truth zoo:mixed-mode
rip zoo:mixed-mode
check "cd-read of audio" cd-read -i out/out.cue --mode=audio --start=1400 --number=5 -o got
sectors truth/out.bin 1400 5 >want
same_file "cd-read of audio" want got
check "cd-read of data" cd-read -i out/out.cue --mode=m1f1 --start=20 --number=1 -o got
sectors truth/out.bin 20 1 | tail -c +17 | head -c 2048 >want
same_file "cd-read of data" want got

# One BIN a track: the same bytes.
for disc in $split_discs; do
  truth "zoo:$disc"
  rip_options=(--split)
  rip "zoo:$disc"
  rip_options=()
  cat out/out\ \(Track\ *\).bin >whole
  same_file "$disc in split files" truth/out.bin whole
  equal "$disc: a file for each track" "$(tracks | wc -l)" "$(ls out/*.bin | wc -l)"
done
finish
