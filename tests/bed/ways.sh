#!/bin/bash
# Which way binrip takes to a drive, and that a rip is the same by each.
. "$(dirname "$0")/lib.sh"

# way WHAT EXPECTED BED-OPTIONS… -- DEVICE OPTIONS…: what `binrip info` says of it.
way() {
  local what=$1 expected=$2 options=()
  shift 2
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  bed ${options[@]+"${options[@]}"} -- "$BINRIP" info "$@" >info.out 2>info.err
  equal "$what: exit code" 0 $?
  has_line "$what" "^Transport +$expected" info.out
}

way "ATA" "libcdio on /dev/sr0 \(" -- /dev/sr0
way "a bus that hides its errors from libcdio" "SG_IO on /dev/sr0 \(on this bus" --bus usb -- /dev/sr0
way "the sg node" "SG_IO on /dev/sg0 \(the sg node was given" -- /dev/sg0
way "sr may only be read" "SG_IO on /dev/sg0 \(the sr node may only be read" --deny block -- /dev/sr0
way "both may only be read" "libcdio on /dev/sr0" --deny write -- /dev/sr0
way "asked for sg" "SG_IO on /dev/sr0 \(it was asked for" -- /dev/sr0 --transport sg
way "asked for libcdio" "libcdio on /dev/sr0 \(it was asked for" --bus usb -- /dev/sr0 --transport cdio
way "asked for libcdio on the sg node" "libcdio on /dev/sr0" -- /dev/sg0 --transport cdio
way "a number above nine" "SG_IO on /dev/sr12" --numbers 12 -- /dev/sr12 --transport sg
mkdir -p config/binrip
echo 'transport = "sg"' >config/binrip/config.toml
way "configured" "SG_IO on /dev/sr0 \(it was asked for" -- /dev/sr0
way "the command line before the configuration" "libcdio on /dev/sr0" -- /dev/sr0 --transport cdio
rm config/binrip/config.toml

bed -- "$BINRIP" info /dev/sr0 --json >info.json 2>info.err
has_line "info --json" '"transport": "libcdio on /dev/sr0' info.json

for disc in zoo:mixed-mode zoo:cd-extra; do
  truth $disc
  rip_options=(--transport sg)
  rip $disc
  like_truth "$disc over SG_IO" sub
done
finish
