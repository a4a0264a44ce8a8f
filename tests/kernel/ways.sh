#!/bin/bash
# Each way through the kernel gives the same: libcdio on /dev/sr0, and SG_IO on /dev/sg0. (SG_IO on /dev/sr0 is what
# binrip chooses here by itself: see rip_zoo.sh.)
. "$(dirname "$0")/../bed/lib.sh"

for disc in mixed-mode audio-indexes cd-extra; do
  truth zoo:$disc
  rip_device=/dev/sr0
  rip_options=(--transport cdio)
  rip zoo:$disc
  like_truth "$disc by libcdio" sub
  rip_device=/dev/sg0
  rip_options=()
  rip zoo:$disc
  like_truth "$disc on /dev/sg0" sub
done
finish
