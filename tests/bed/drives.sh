#!/bin/bash
# `binrip drives` and `binrip info` on a machine with several drives.
. "$(dirname "$0")/lib.sh"

bed --numbers 10,0,2 --disc demo,none,demo -- "$BINRIP" drives >drives.out 2>drives.err
equal "drives: exit code" 0 $?
equal "drives: in order of their numbers" "/dev/sr0 /dev/sr2 /dev/sr10" \
  "$(grep -o '/dev/sr[0-9]*' drives.out | uniq | tr '\n' ' ' | sed 's/ $//')"
bed --numbers 10,0,2 --disc demo,none,demo -- "$BINRIP" drives --json >drives.json 2>>drives.err
equal "drives --json: exit code" 0 $?
has_line "drives --json: by-id" '/dev/disk/by-id/ata-BINRIP_SOFTWARE_DRIVE_SIM00001-10' drives.json
has_line "drives --json: by-path" '/dev/disk/by-path/pci-0000:00:1f.2-ata-3' drives.json

for name in /dev/cdrom /dev/disk/by-id/ata-BINRIP_SOFTWARE_DRIVE_SIM00001 /dev/disk/by-path/pci-0000:00:1f.2-ata-1; do
  bed -- "$BINRIP" info "$name" >info.out 2>info.err
  equal "info $name: exit code" 0 $?
  has_line "info $name: the drive" 'SOFTWARE DRIVE' info.out
done
bed -- "$BINRIP" info /dev/sr0 --json >info.json 2>info.err
equal "info --json: exit code" 0 $?
has_line "info --json" 'SOFTWARE DRIVE' info.json
bed --disc none -- "$BINRIP" info /dev/sr0 >info.out 2>info.err
[ $? -le 1 ] || fail "info without a disc" info.err
finish
