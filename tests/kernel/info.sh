#!/bin/bash
# The shortest way through everything: the kernel gives the drive its nodes, and the program finds a disc there.
. "$(dirname "$0")/../bed/lib.sh"

bed --disc zoo:mixed-mode -- sh -c 'echo $BINRIP_BED_DEVICES' >devices
equal "the node" /dev/sr0 "$(cat devices)"
bed --disc zoo:mixed-mode -- "$BINRIP" info /dev/sr0 >info.out 2>info.err
equal "info: exit code" 0 $?
has_line "info: the drive" '^Drive +BINRIP SOFTWARE DRIVE 1.0, serial SIM00001' info.out
has_line "info: the disc" '1  mode1 ' info.out
equal "the node when the drive is gone" "" "$(ls /dev | grep '^s[rg]')"
finish
