#!/bin/bash
# Drives behind a real kernel as the real udevd finds them, with the distribution's rules and udev/65-binrip.rules:
# names, rights, and the unit that a CD starts. Each is a test of its own: udev.sh NAME.
. "$(dirname "$0")/../bed/lib.sh"

# udevd runs for this job alone. No systemd is there to start units: what udev tells it is looked at.
mkdir -p /run/udev
/usr/lib/systemd/systemd-udevd --daemon
trap 'udevadm control --exit; rm -rf "$work"' EXIT

# with OPTIONS… -- COMMAND…: the command with the drives, after udevd has seen them.
with() {
  local options command
  split "$@"
  bed "${options[@]}" -- bash -c '. "$1"; udevadm settle --timeout=60; '"${command[*]}" bash "$helpers" >run.out 2>run.err
  code=$?
  udevadm settle --timeout=60 # whoever holds a drive still keeps its number from the next one
}

helpers=$work/helpers
cat >"$helpers" <<'HELPERS'
# property NODE NAME: empty where there is none
property() { udevadm info --query=property --name="$1" | sed -n "s/^$2=//p"; }
# until WHAT COMMAND…: waits for it, a minute at most
until_so() {
  local tries=0
  until "${@:2}" >/dev/null; do
    [ $((tries += 1)) -le 200 ] || { echo "not within a minute: $1"; return 1; }
    sleep 0.3
  done
}
has() { [ -n "$(property "$1" "$2")" ]; }
is() { [ "$(property "$1" "$2")" = "$3" ]; }
lacks() { [ -z "$(property "$1" "$2")" ]; }
# tray NODE OPEN|CLOSETRAY
tray() { printf 'open %s\nioctl CDROM%s\n' "$1" "$2" | binrip-bed-ioctls; }
# As on a machine whose udevd is not the bare guest's: the kernel looks for new media.
poll() { echo 300 >"/sys/block/$(basename "$1")/events_poll_msecs"; }
# events: "change WANTS" for each that udevd has handled, from now on
watch() { udevadm monitor --udev --property --subsystem-match=block >monitor.out 2>&1 & monitor=$!; until_so monitor grep -q '^UDEV' monitor.out; }
HELPERS
wants='property /dev/sr0 SYSTEMD_WANTS'

# The unit is opt-in: a rule of the administrator's names it.
opt_in() { echo 'SUBSYSTEM=="block", KERNEL=="sr[0-9]*", ENV{BINRIP_UNIT}="rip@%k.service"' >/etc/udev/rules.d/50-binrip-unit.rules; udevadm control --reload; }
opt_out() { rm -f /etc/udev/rules.d/50-binrip-unit.rules; udevadm control --reload; }

mkdir out
case $1 in
  # By the serial number; binrip takes the name for the drive.
  by_id)
    opt_out
    with --serial NAMES01 -- '
      for name in /dev/disk/by-id/* /dev/cdrom; do echo "$name $(readlink -f "$name")"; done
      "$BINRIP" info /dev/disk/by-id/*NAMES01 | grep -m 1 "^Drive"
      echo "wants: $('"$wants"')"'
    equal "exit code" 0 "$code"
    has_line "by serial number" '^/dev/disk/by-id/scsi-.*NAMES01 /dev/sr0$' run.out
    has_line "/dev/cdrom" '^/dev/cdrom /dev/sr0$' run.out
    has_line "the drive that binrip finds by this name" '^Drive .*serial NAMES01' run.out
    has_line "no unit that nobody has asked for" '^wants: $' run.out
    ;;
  # By the place where it is plugged in. The loopback adapter is at no place that udev knows, QEMU's is.
  by_path)
    opt_out
    insmod /bed/virtio_scsi.ko
    cat >look.sh <<'LOOK'
    . "$1"
    until_so "QEMU's drive" test -b /dev/sr0
    udevadm settle --timeout=60
    ls /dev/disk/by-path/
    readlink -f /dev/disk/by-path/*-scsi-*
    "$BINRIP" drives
LOOK
    bash look.sh "$helpers" >run.out 2>run.err
    equal "exit code" 0 $?
    bash -c '. "$1"; until_so "rmmod" rmmod virtio_scsi' bash "$helpers" 2>rmmod.err || fail "rmmod" rmmod.err
    has_line "the name" '^pci-.*-scsi-' run.out
    has_line "whose it is" '^/dev/sr0$' run.out
    has_line "what binrip says" '^ +by path +/dev/disk/by-path/pci-.*-scsi-' run.out
    ;;
  # A drive that is put in by events of which the first ones come before the disc can be read.
  repeated)
    opt_in
    with --tray-open --becoming-ready 12 -- '
      echo "empty: $('"$wants"')"
      poll /dev/sr0
      tray /dev/sr0 CLOSETRAY
      for i in 1 2 3; do udevadm trigger --action=change /dev/sr0; done
      until_so "the unit" has /dev/sr0 SYSTEMD_WANTS
      for i in 1 2 3; do udevadm trigger --action=change /dev/sr0; udevadm settle --timeout=60; done
      echo "full: $('"$wants"'), media $(property /dev/sr0 ID_CDROM_MEDIA), tags $(property /dev/sr0 CURRENT_TAGS), polled $(property /dev/sr0 UDISKS_AUTO)"
      "$BINRIP" /dev/sr0 out/out.cue --offline --quiet
      echo "rip: $?"
      tray /dev/sr0 EJECT
      until_so "no unit" lacks /dev/sr0 SYSTEMD_WANTS
      echo "ejected: $('"$wants"')"'
    equal "exit code" 0 "$code"
    has_line "no disc, no unit" '^empty: $' run.out
    has_line "a disc, and the unit once" '^full: rip@sr0\.service, media 1, tags :.*systemd:.*, polled 0$' run.out
    has_line "the rip" '^rip: 0$' run.out
    has_line "ejected" '^ejected: $' run.out
    truth demo
    like_truth "the rip" sub
    ;;
  above_nine)
    opt_in
    with --numbers 0,1,2,3,4,5,6,7,8,9,10,11 --disc none,none,none,none,none,none,none,none,none,none,zoo:mixed-mode -- '
      for i in 9 10 11; do echo "sr$i: $(property /dev/sr$i SYSTEMD_WANTS)"; done
      "$BINRIP" drives
      readlink -f /dev/disk/by-id/*SIM00001-10
      "$BINRIP" /dev/disk/by-id/*SIM00001-10 out/out.cue --offline --quiet'
    equal "exit code" 0 "$code"
    has_line "sr9 is empty" '^sr9: $' run.out
    has_line "sr10" '^sr10: rip@sr10\.service$' run.out
    has_line "sr11" '^sr11: rip@sr11\.service$' run.out
    has_line "sr10 by its serial number" '^/dev/sr10$' run.out
    equal "drives that binrip finds" 12 "$(grep -c '^/dev/sr[0-9]* .*BINRIP' run.out)"
    truth zoo:mixed-mode
    like_truth "the rip of sr10" sub
    ;;
  # One that holds something starts the unit, a blank one does not, nor does a DVD.
  media)
    opt_in
    with --numbers 0,1,2,3 --disc cd-r,cd-rw,blank,dvd -- '
      for i in 0 1 2 3; do
        echo "sr$i: media $(property /dev/sr$i ID_CDROM_MEDIA), $(udevadm info --query=property --name=/dev/sr$i | grep -o "ID_CDROM_MEDIA_\(CD_R\|CD_RW\|DVD\|CD\|STATE\)=.*" | sort | tr "\n" " ")wants $(property /dev/sr$i SYSTEMD_WANTS)"
      done
      "$BINRIP" /dev/sr0 out/out.cue --offline --quiet'
    equal "exit code" 0 "$code"
    has_line "CD-R" '^sr0: media 1, .*MEDIA_CD_R=1 .*wants rip@sr0\.service$' run.out
    has_line "CD-RW" '^sr1: media 1, .*MEDIA_CD_RW=1 .*wants rip@sr1\.service$' run.out
    has_line "a blank CD-R" '^sr2: media 1, .*STATE=blank wants $' run.out
    has_line "a DVD" '^sr3: media 1, .*MEDIA_DVD=1 .*wants $' run.out
    truth cd-r
    like_truth "the rip of the CD-R" sub
    ;;
  # A disc that the drive makes nothing of raises no event that starts anything; asked by hand, binrip says why.
  unreadable)
    opt_in
    with --tray-open --disc none -- '
      poll /dev/sr0
      tray /dev/sr0 CLOSETRAY
      udevadm trigger --action=change /dev/sr0
      udevadm settle --timeout=60
      echo "media: $(property /dev/sr0 ID_CDROM_MEDIA), wants: $('"$wants"')"
      "$BINRIP" info /dev/sr0'
    equal "exit code" 1 "$code"
    has_line "no unit" '^media: , wants: $' run.out
    has_line "what binrip says" '^binrip: error: .*(no disc|no medium)' run.err
    ;;
  # The rights that the distribution's rules give.
  rights)
    opt_out
    with --disc zoo:mixed-mode -- '
      stat -c "%n %U:%G %a" /dev/sr0 /dev/sg0
      chmod 777 out
      as() { binrip-kernel-bed --as-user "$@"; }
      as alone "$BINRIP" doctor /dev/sr0
      echo "doctor, not in the group: $?"
      as alone "$BINRIP" /dev/sr0 out/out.cue --offline --quiet
      echo "rip, not in the group: $?"
      as drives "$BINRIP" doctor /dev/sr0
      echo "doctor, in the group: $?"
      as drives "$BINRIP" /dev/sr0 out/out.cue --offline --quiet
      echo "rip, in the group: $?"'
    has_line "sr0" '^/dev/sr0 root:cdrom 660$' run.out
    has_line "sg0" '^/dev/sg0 root:cdrom 660$' run.out
    has_line "without the group" '^doctor, not in the group: 1$' run.out
    has_line "without the group: how to mend it" 'hint: sudo adduser .* cdrom' run.out
    has_line "without the group" '^rip, not in the group: 1$' run.out
    has_line "without the group" '^binrip: error: no permission to use /dev/sr0' run.err
    has_line "with the group" '^doctor, in the group: 0$' run.out
    has_line "with the group" '^rip, in the group: 0$' run.out
    truth zoo:mixed-mode
    like_truth "with the group" sub
    ;;
  # What the real kernel tells `binrip doctor`.
  doctor)
    opt_out
    with --disc zoo:mixed-mode -- '
      sysctl -q -w dev.cdrom.autoclose=1
      "$BINRIP" doctor /dev/sr0 >free
      sysctl -q -w dev.cdrom.autoclose=0
      sleep 300 </dev/sr0 & holder=$!
      "$BINRIP" doctor /dev/sr0 >held
      kill $holder
      wait
      mkdir -p mounted
      mount -t iso9660 -o ro /dev/sr0 mounted
      "$BINRIP" doctor /dev/sr0 >mount
      umount mounted
      rmmod sg
      "$BINRIP" doctor /dev/sr0 >without_sg
      "$BINRIP" /dev/sr0 out/out.cue --offline --quiet
      echo "rip without sg: $?"
      insmod /bed/sg.ko'
    has_line "versions" "versions +binrip .*, Linux $(uname -r), libcdio" free
    has_line "nothing is wrong" '^  ok +in use +by no other program, and not mounted' free
    has_line "limits" '^  ok +limits +1280 KiB a command, the adapter takes 32766 KiB' free
    has_line "the test read" '^  ok +reading +24 of 24' free
    has_line "the tray closes itself" 'autoclose .*' free
    has_line "how to mend that" 'hint: sudo sysctl dev.cdrom.autoclose=0' free
    has_line "the tray does not" '^  ok +autoclose' held
    has_line "a program that holds the drive" 'in use +sleep \(process [0-9]+\) has /dev/sr0 open' held
    has_line "a mounted disc" 'in use .*mounted' mount
    has_line "no sg module" '^  note +sg +no sg node' without_sg
    has_line "how to load it" 'hint: sudo modprobe sg' without_sg
    has_line "a rip without it" '^rip without sg: 0$' run.out
    truth zoo:mixed-mode
    like_truth "a rip without sg" sub
    [ "$failures" -eq 0 ] || cat free held mount without_sg
    ;;
  *)
    fail "no such test: $1"
    ;;
esac
[ "$failures" -eq 0 ] || cat run.out run.err
finish
