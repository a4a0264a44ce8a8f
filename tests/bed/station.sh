#!/bin/bash
# A station of 8 drives and a robot, without anybody who supervises it: discs of all kinds go in and out by the robot's
# hooks, trays move by START STOP UNIT, udev says what is in them, and binrip reads what is there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/station_movements.sh"
: "${BINRIP_BEDCTL:?}" "${BINRIP_BED_UDEV:?}"
robot=$(cd "$(dirname "$0")" && pwd)/robot

if [ "${1:-}" != inside ]; then
  cat >stack <<'TEXT'
# NAME DISC
d01 zoo:audio-simple
d02 zoo:mixed-mode
d03 zoo:audio-simple
d04 zoo:audio-simple@fault-hard=500+20
d05 upside-down
d06 dvd
d07 blank
d08 zoo:data-mode1
d09 zoo:audio-htoa
TEXT
  for disc in zoo:audio-simple zoo:mixed-mode zoo:data-mode1 zoo:audio-htoa; do
    truth "$disc"
    mv truth "truth-${disc#zoo:}"
  done
  export BINRIP_STATION_WORK=$work
  bed --numbers 0,1,2,3,4,5,6,10 --disc none --tray-open --control "$work/control" --stack stack \
    --movements movements --hang-milliseconds 600000 -- env ASAN_OPTIONS=detect_leaks=0 bash "$0" inside
  equal "the station: exit code" 0 $?
  equal "no disc is lost, none is taken twice" "" "$(movements_of stack movements)"
  equal "where the robot put them" "reject 4 unload 5" \
    "$(awk '$1 == "unload" || $1 == "reject" { n[$1]++ } END { print "reject", n["reject"], "unload", n["unload"] }' movements)"
  finish
fi

# --- in the bed ---
unset ASAN_OPTIONS # it is bash that leaks
rm -rf "$work" # made by lib.sh; the outer script's is used
work=$BINRIP_STATION_WORK
export HOME=$work TMPDIR=$work
trap - EXIT
cd "$work" || exit 1
"$BINRIP_BED_UDEV" >events &
listener=$!
awaited=$listener
awaited_logs=(events)
give_up() { kill "$listener"; }
wait_for "udev's events are listened to" grep -q listening events

# event REGEX: waits until udev has told it.
event() {
  checks=$((checks + 1))
  wait_for "the event $1" grep -Eq -- "$1" events
}
# tray WHAT DRIVE MOVE STATE
tray() { equal "$1" "$4" "$("$BINRIP" tray "$2" ${3:+"$3"} 2>&1)"; }
bedctl() { "$BINRIP_BEDCTL" "$@"; }
place() { bedctl state | awk -v place="$1" '$1 == place { print $2, $4, $5 }'; }
# refused WHAT REGEX COMMAND…
refused() {
  local what=$1 regex=$2
  shift 2
  "$@" >refused.out 2>refused.err
  equal "$what: exit code" 1 $?
  has_line "$what" "$regex" refused.err
}
# fed DRIVE NAME: the robot loads it, the host closes the tray.
fed() {
  equal "the robot loads $2" "$2" "$("$robot/load" "$1" 2>&1)"
  equal "$2 is on the tray" open "$("$BINRIP" tray "$1")"
  "$BINRIP" tray "$1" close >closed
}
# ripped DRIVE OUT CODE
ripped() {
  mkdir -p "$2"
  "$BINRIP" "$1" "$2/out.cue" --offline --quiet --read-offset 0 --retries 3 >rip.out 2>rip.err
  equal "rip of $1 into $2: exit code" "$3" $?
}
# out_by VERB DRIVE NAME: the host opens the tray, the robot takes the disc.
out_by() {
  tray "open for $1" "$2" open open
  equal "the robot takes $3" "$3" "$("$robot/$1" "$2" 2>&1)"
}

equal "all trays are open and empty" "8" "$(bedctl state | grep -c ' open -$')"
fed /dev/sr0 d01
event '^change /dev/sr0 cd$'
equal "what is where" "/dev/sr0 closed d01" "$(place 0)"
refused "a closed tray" 'the tray of the drive SIM00001 is closed' bedctl load 0
refused "a closed tray" 'is closed' "$robot/unload" /dev/sr0
ripped /dev/sr0 r01 0
same_file d01 truth-audio-simple/out.bin r01/out.bin

fed /dev/sr10 d02
event '^change /dev/sr10 cd$'
ripped /dev/sr10 r02 0
same_file d02 truth-mixed-mode/out.bin r02/out.bin
out_by unload /dev/sr0 d01
event '^change /dev/sr0 none$'
"$robot/unload" /dev/sr0 >empty.out 2>&1
equal "an empty tray: exit code" 80 $?
has_line "an empty tray" 'there is no disc on the tray' empty.out

# The same pressing again, then a damaged copy.
fed /dev/sr0 d03
ripped /dev/sr0 r03 0
same_file d03 truth-audio-simple/out.bin r03/out.bin
out_by unload /dev/sr0 d03
fed /dev/sr0 d04
ripped /dev/sr0 r04 3
has_line "damage" '^500 20 failed$' r04/out.map

# An upside-down disc: the drive finds none, and udev has nothing to tell.
equal "the robot loads d05" d05 "$("$robot/load" /dev/sr1)"
tray "upside down" /dev/sr1 close empty
event '^change /dev/sr1 none$'
equal "an upside-down disc gives no event of a medium" 0 "$(grep -c '^change /dev/sr1 cd' events)"
out_by reject /dev/sr1 d05
fed /dev/sr1 d06
event '^change /dev/sr1 dvd$'
ripped /dev/sr1 r06 1
has_line "a DVD" '^binrip: error: .*DVD' rip.err
out_by reject /dev/sr1 d06
fed /dev/sr2 d07
event '^change /dev/sr2 blank$'
ripped /dev/sr2 r07 1
out_by reject /dev/sr2 d07

# Unplugged, and back under another number: it is the same drive, with the same disc.
fed /dev/sr3 d08
event '^change /dev/sr3 cd$'
bedctl unplug 3
event '^remove /dev/sr3'
equal "unplugged" "- gone d08" "$(place 3)"
checks=$((checks + 1))
"$BINRIP" tray /dev/sr3 >gone.out 2>&1 && fail "a drive that is gone answers" gone.out
bedctl replug ata-BINRIP_SOFTWARE_DRIVE_SIM00001-3 12
event '^add /dev/sr12 cd$'
equal "back under another number" "/dev/sr12 closed d08" "$(place 3)"
ripped /dev/sr12 r08 0
same_file d08 truth-data-mode1/out.bin r08/out.bin
bedctl unplug SIM00001-3
event '^remove /dev/sr12'
bedctl replug 3 3
equal "back under its old number" ready "$("$BINRIP" tray /dev/sr3)"
out_by unload /dev/sr3 d08

# A drive that hangs: others go on, whoever waits for it can be killed, and it answers again when it is healed.
bedctl hang 4
"$BINRIP" tray /dev/sr4 >hung.out 2>&1 &
hung=$!
tray "its neighbour" /dev/sr5 "" open
kill -KILL "$hung"
wait "$hung" 2>/dev/null
equal "killed while it hung" "137 " "$? $(cat hung.out)"
bedctl heal 4
tray "healed" /dev/sr4 "" open

# Two discs on a tray would be a crash.
equal "the robot loads d09" d09 "$("$robot/load" /dev/sr5)"
refused "a second disc" 'there is a disc on the tray of the drive SIM00001-5: d09' bedctl insert 5 other zoo:audio-simple
bedctl close 5
event '^change /dev/sr5 cd$'
bedctl eject 5
equal "the button" "/dev/sr5 open d09" "$(place 5)"
equal "the robot takes d09" d09 "$("$robot/reject" /dev/sr5)"
"$robot/load" /dev/sr5 >load.out 2>&1
equal "no more discs: exit code" 80 $?
equal "the stack is empty" "" "$(bedctl stack)"

# What is in drives at the end goes out.
out_by unload /dev/sr0 d04
out_by unload /dev/sr10 d02
equal "all trays are open and empty again" "8" "$(bedctl state | grep -c ' open -$')"
kill "$listener"
trap - EXIT
finish
