#!/bin/bash
# Whose timeout ends a command that the drive does not answer. libcdio passes none: the device's holds then.
# Proved by a limit that is far below the kernel's own of 60 s: never less than it, and well before those.
. "$(dirname "$0")/../bed/lib.sh"

read_cd="BE 00 00 00 05 A0 00 00 01 F8 00 00"
cat >ask.sh <<'ASK'
# ask LINE…: what the kernel answers to them, on descriptors of their own
ask() { printf '%s\n' "$@" | binrip-bed-ioctls; }
# timed NAME LINE…: the last line's answer, and how many tenths of a second all took
timed() {
  local name=$1 begin
  shift
  begin=$(tenths)
  ask "$@" | tail -1 >"$name"
  echo $(($(tenths) - begin)) >"$name.tenths"
}
tenths() { sed 's/^\([0-9]*\)\.\([0-9]\).*/\1\2/' /proc/uptime; }
sr=${BINRIP_BED_DEVICES% *}
sg=/dev/$(ls "/sys/class/block/$(basename "$sr")/device/scsi_generic")
ASK

# took NAME LEAST MOST, in seconds
took() {
  local tenths
  tenths=$(cat "$1.tenths")
  checks=$((checks + 1))
  echo "$1: $((tenths / 10)).$((tenths % 10)) s, $(cat "$1")"
  { [ "$tenths" -ge "$(($2 * 10))" ] && [ "$tenths" -lt "$(($3 * 10))" ]; } || fail "$1: not within $2 to $3 s"
}

# Each has a drive of its own, and they wait side by side. It is another model than those of other jobs, which
# look for theirs when it has been unplugged.
measure() { # NAME SCRIPT
  bed --disc zoo:mixed-mode --serial "TIME_$1" --product "TIME_$1" --hang BE -- bash -c ". ./ask.sh; $2" >"$1.out" 2>&1 || fail "$1" "$1.out" &
}
measure packet "
  ask \"open \$sr\" 'timeout 0' >fresh
  ask \"open \$sr\" 'timeout 9' >set
  ask \"open \$sr\" 'timeout 0' >kept
  timed packet \"open \$sr\" 'packet 2352 $read_cd'"
measure sr_own "timed sr_own \"open \$sr\" 'sgio 2352 9 $read_cd'"
measure sr_floor "timed sr_floor \"open \$sr\" 'sgio 2352 2 $read_cd'"
measure sg_own "timed sg_own \"open \$sg write\" 'sgio 2352 3 $read_cd'"
measure sg_apart "
  ask \"open \$sg write\" 'timeout 9' >/dev/null
  ask \"open \$sr\" 'timeout 0' >apart"
wait
has_line "the timeout of a fresh device" '^timeout 0: 0 ticks$' fresh
has_line "what another descriptor set is found by the next" '^timeout 0: 900 ticks$' kept
took packet 9 50
has_line "a timeout is told as success" ': 0, no sense, residual 0' packet
took sr_own 9 50
has_line "SG_IO tells it" 'status 00, host 03, driver 0[0-9], no sense' sr_own
took sr_floor 7 50
took sg_own 3 50
has_line "SG_IO tells it, on the sg node" 'status 00, host 03, driver 0[0-9], no sense' sg_own
has_line "the sg node's timeout is not the sr node's" '^timeout 0: 0 ticks$' apart
finish
