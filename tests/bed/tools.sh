#!/bin/bash
# Debian's own programs read the software drive and agree with the disc: what they say keeps it honest.
# usage: tools.sh [few | --list]
. "$(dirname "$0")/../support/rotation.sh" || exit 2 # before lib.sh, which goes elsewhere
. "$(dirname "$0")/lib.sh"

# Each program meets a rotating part of its discs (rotation.sh): --list names them. With the word "few", it has only
# some, always the same: where they run slowly.
extent=${1:-all}
discs() { # FEW ALL
  # shellcheck disable=SC2086  # they are words
  if [ "$extent" = few ]; then echo "$1"; else rotation_pick 4 $2; fi
}
info_discs=$(discs "audio-isrc-mcn cd-extra" "$(zoo)")
toc_discs=$(discs audio-indexes "audio-simple audio-htoa audio-indexes audio-isrc-mcn audio-99 cdg")
raw_discs=$(discs "audio-isrc-mcn data-xa" "audio-htoa data-mode1 audio-isrc-mcn data-xa")
# TOOL/DISC and TOOL/OFFSET. In this order, so that a run has something for each tool, and offsets of both signs.
audio_discs=$(discs "cd-paranoia/audio-htoa cdparanoia/audio-htoa" "
  cd-paranoia/audio-htoa cd-paranoia/audio-indexes cd-paranoia/cd-extra cd-paranoia/mixed-mode
  cdparanoia/audio-indexes cdparanoia/cd-extra cdparanoia/mixed-mode cdparanoia/audio-htoa")
audio_offsets=$(discs "" "
  cd-paranoia/6 cd-paranoia/667 cd-paranoia/-472 cd-paranoia/-1164
  cdparanoia/-472 cdparanoia/-1164 cdparanoia/6 cdparanoia/667")
if [ "$extent" = --list ]; then
  for disc in $info_discs; do echo "cd-info $disc"; done
  for each in $audio_discs $audio_offsets; do echo "$each"; done
  for disc in $toc_discs; do echo "cdrdao read-toc $disc"; done
  for disc in $raw_discs; do echo "cdrdao read-cd $disc"; done
  exit
fi

on() { # DISC COMMAND…: runs a program of others on that disc
  local disc=$1
  shift
  foreign --disc "zoo:$disc" ${bed_options[@]+"${bed_options[@]}"} -- "$@"
}
bed_options=()

# --- cd-info: the TOC of every disc, MCN, ISRC ---
for disc in $info_discs; do
  truth "zoo:$disc"
  check "cd-info on $disc" on "$disc" cd-info --no-header --no-cddb --no-device-info -C /dev/sr0
  mv check.log info
  equal "$disc: tracks as cd-info tells" \
    "$(tracks | awk '{ print $1, $5, ($3 == "audio" ? "audio" : "data") }')" \
    "$(awk '/^ *[0-9]+: [0-9:]+ +[0-9]+ (audio|data)/ { print $1 + 0, $3 + 0, $4 }' info)"
  equal "$disc: lead-out as cd-info tells" "$(awk '$1 == "session" { n = $3 } END { print n }' truth/disc.txt)" \
    "$(awk '$1 == "170:" { print $3 + 0 }' info)"
  equal "$disc: MCN as cd-info tells" "$(awk '$1 == "mcn" { print $2 }' truth/disc.txt)" \
    "$(sed -n 's/^Media Catalog Number (MCN): \([0-9]*\)$/\1/p' info)"
  equal "$disc: ISRC as cd-info tells" "$(tracks audio | awk '$9 != "-" { print $1, $9 }')" \
    "$(sed -n 's/^TRACK *\([0-9]*\) ISRC: \(.*\)$/\1 \2/p' info)"
done

# --- cd-info: CD-TEXT in both alphabets, sessions, file systems ---
on audio-cdtext-latin1 cd-info --no-header --no-cddb >info 2>&1
has_line "CD-TEXT, Latin-1" $'^\tTITLE: Café "München"$' info
has_line "CD-TEXT, Latin-1" $'^\tPERFORMER: Björk & the Ñandús$' info
on audio-cdtext-msjis cd-info --no-header --no-cddb >info 2>&1
has_line "CD-TEXT, ASCII" $'^\tTITLE: Music of Japan$' info
has_line "CD-TEXT, MS-JIS" $'^\tTITLE: 日本の音楽$' info
on three-sessions cd-info --no-header --no-cddb >info 2>&1
for session in 1 2 3; do has_line "file system of session $session" "ISO 9660: 96 blocks, label .BINRIP_$session " info; done
on data-mode1 isoinfo -l -i /dev/sr0 >info 2>&1
has_line "isoinfo on the device" '\.TXT|\.DAT|;1' info

# --- cd-paranoia and cdparanoia: audio to the byte, with read offsets ---
extract() { # TOOL DISC SPAN OFFSET FIRST COUNT: compares with COUNT sectors of the image from FIRST on
  bed_options=(--read-offset "$4")
  check "$1 of $3 on $2, offset $4" on "$2" "$1" -d /dev/sr0 -q -r -O "$4" "$3" got.raw
  bed_options=()
  sectors truth/out.bin "$5" "$6" >want.raw
  same_file "$1 of $3 on $2, offset $4" want.raw got.raw
  rm -f got.raw
}
for each in $audio_discs; do
  tool=${each%%/*} disc=${each#*/}
  truth "zoo:$disc"
  read -r first start sector <<<"$(tracks audio | head -1 | cut -d' ' -f1,5,8)"
  read -r last end <<<"$(tracks audio | tail -1 | cut -d' ' -f1,7)"
  extract "$tool" "$disc" "$first-$last" 0 "$sector" $((end - start))
done
# With a negative offset cd-paranoia takes a single track for empty, with a large one it reads a sector too many
# of several.
truth zoo:audio-isrc-mcn
read -r start sector third fourth <<<"$(tracks | awk '$1 == 2 { print $5, $8 } $1 > 2 { print $5 }' | tr '\n' ' ')"
for each in $audio_offsets; do
  tool=${each%%/*} offset=${each#*/}
  if [ "$offset" -gt 0 ]; then
    extract "$tool" audio-isrc-mcn 2 "$offset" "$sector" $((third - start))
  else
    extract "$tool" audio-isrc-mcn 2-3 "$offset" "$sector" $((fourth - start))
  fi
done

# --- cdrdao: pregaps, indexes, MCN, ISRC and flags from Q; the whole disc in raw sectors ---
# From its TOC file, and from a CUE sheet: "TRACK START INDEX…", in sectors from INDEX 00.
frames='function f(t, p) { split(t, p, ":"); return (p[1] * 60 + p[2]) * 75 + p[3] }
        function out() { if (n) print n, start + 0 more }'
toc_indexes() {
  awk "$frames"' /^TRACK/ { out(); n++; start = 0; more = "" }
    $1 == "START" { start = f($2) } $1 == "INDEX" { more = more " " f($2) } END { out() }' "$1"
}
cue_indexes() {
  awk "$frames"' $1 == "TRACK" { out(); n = $2 + 0; start = 0; more = ""; zero = -1 }
    $1 == "INDEX" && $2 == "00" { zero = f($3) }
    $1 == "INDEX" && $2 == "01" { one = f($3); if (zero >= 0) start = one - zero }
    $1 == "INDEX" && $2 > 1 { more = more " " f($3) - one } END { out() }' "$1"
}
for disc in $toc_discs; do
  truth "zoo:$disc"
  rm -f out.toc
  check "cdrdao read-toc on $disc" on "$disc" cdrdao read-toc --device /dev/sr0 --driver generic-mmc-raw out.toc
  equal "$disc: pregaps and indexes as cdrdao finds them" "$(cue_indexes truth/out.cue)" "$(toc_indexes out.toc)"
  equal "$disc: MCN as cdrdao finds it" "$(awk '$1 == "mcn" { print $2 }' truth/disc.txt)" \
    "$(sed -n 's/^CATALOG "\(.*\)"$/\1/p' out.toc)"
  equal "$disc: ISRC as cdrdao finds it" "$(tracks | awk '$9 != "-" { print $9 }')" \
    "$(sed -n 's/^ISRC "\(.*\)"$/\1/p' out.toc)"
done
rm -f out.toc
check "cdrdao read-toc, pre-emphasis" on audio-preemphasis-q cdrdao read-toc --device /dev/sr0 --driver generic-mmc-raw out.toc
has_line "pre-emphasis that the TOC does not know" 'Pre-emphasis flag of track differs from TOC' check.log

for disc in $raw_discs; do
  truth "zoo:$disc"
  rm -f out.toc got.bin
  check "cdrdao read-cd on $disc" on "$disc" cdrdao read-cd --read-raw --paranoia-mode 0 --device /dev/sr0 \
    --driver generic-mmc-raw --datafile got.bin out.toc
  # cdrdao writes audio with the high byte first.
  case $disc in audio*) dd conv=swab if=got.bin of=swapped.bin 2>/dev/null && mv swapped.bin got.bin ;; esac
  same_file "$disc as cdrdao reads it" truth/out.bin got.bin
done

# --- cd-read: single sectors ---
truth zoo:mixed-mode
check "cd-read of audio" on mixed-mode cd-read --mode=audio --start=1400 --number=5 -C /dev/sr0 -o got.bin
sectors truth/out.bin 1400 5 >want.bin
same_file "cd-read of audio" want.bin got.bin
check "cd-read of any sector" on mixed-mode cd-read --mode=any --start=20 --number=1 -C /dev/sr0 -o got.bin
sectors truth/out.bin 20 1 | tail -c +13 >want.bin # it asks for no sync
check "cd-read of any sector" cmp -n 2340 want.bin got.bin
truth zoo:data-xa
check "cd-read of Mode 2" on data-xa cd-read --mode=m2f1 --start=20 --number=1 -C /dev/sr0 -o got.bin
sectors truth/out.bin 20 1 | tail -c +25 | head -c 2048 >want.bin
same_file "cd-read of Mode 2 form 1" want.bin got.bin
check "cd-drive" on data-xa cd-drive -i /dev/sr0
has_line "cd-drive knows C2" 'Can read C2 Errors +: Yes' check.log
finish
