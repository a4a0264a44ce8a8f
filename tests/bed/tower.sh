#!/bin/bash
# A tower of 8 drives and 60 discs of all kinds, fed by a robot: damaged ones, the same pressing again, some upside down,
# DVDs; a drive that hangs, one that comes back under another number, a disk that is full in the middle, and the station
# killed twice. In the end each disc lies right in the archive, or aside with its reason.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/station_movements.sh"
. "$(dirname "$0")/tower_stack.sh"
: "${BINRIP_BEDCTL:?}"
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }

if [ "${1:-}" != inside ]; then
  tower_stack >stack
  equal "discs" 60 "$(wc -l <stack)"
  mkdir truths
  for disc in $(tower_discs <stack); do
    truth "$disc"
    mv truth/out.bin "truths/$disc.bin"
  done
  export BINRIP_STATION_WORK=$work
  bed --numbers 0,1,2,3,4,5,6,10 --disc none --control "$work/control" --stack stack \
    --movements movements --hang-milliseconds 600000 --disk archive -- bash "$0" inside
  equal "the tower: exit code" 0 $?
  equal "no disc is lost, none is taken twice" "" "$(movements_of stack movements)"
  check "archive, catalogue and movements go together" python3 "$here/tower_check.py" .
  check "the catalogue" "$BINRIP" catalog verify archive
  equal "what is left of work" "" "$(ls archive/.binrip/work)"
  finish
fi

# --- in the bed ---
rm -rf "$work" # made by lib.sh; the outer script's is used
work=$BINRIP_STATION_WORK
export HOME=$work TMPDIR=$work
trap - EXIT
cd "$work" || exit 1
mkdir -p archive

begin() { # the station, in the background
  "$BINRIP" batch --into archive --hooks "$here/robot" --hang-after 8s -- --read-offset 0 --retries 3 \
    >>station.out 2>&1 &
  station=$!
  awaited=$station
}
killed() { # WHEN: at any instant, and begun again at once
  echo "-- killed $1"
  kill -KILL "$station" 2>/dev/null || fail "the station had ended $1" station.out
  wait "$station" 2>/dev/null
  begin
}
out() { grep -Ec '^(unload|reject) ' movements; }
noted() { python3 "$here/tower_check.py" --events archive >events && grep -Eq "$1" events; }
awaited_logs=(station.out)
give_up() {
  "$BINRIP_BEDCTL" state
  kill -KILL "$station"
}
out_are() { [ "$(out)" -ge "$1" ]; }

begin
wait_for "the first discs come out" out_are 6
killed "while it works"
wait_for "a cable was pulled" grep -q '^unplugged ' movements
"$BINRIP_BEDCTL" replug "$(awk '$1 == "unplugged" { print $2 }' movements)" 12 || fail "it does not come back"
wait_for "more discs come out" out_are 16
touch archive.full
sleep 6 # by then all wait for space
rm archive.full
wait_for "it goes on" out_are 26
touch archive.quota
sleep 3
rm archive.quota
wait_for "discs come out in spite of it" out_are 34
killed "once more"
wait "$station"
equal "no more discs, but a drive needs a hand: exit code" 2 $?

# One drive hung, and has its disc still: after a look at it, the same command goes on.
hung=$("$BINRIP_BEDCTL" state | awk '$5 != "-" { print $1, $5 }')
equal "the drive that hung and its disc" d01 "${hung#* }"
check "it was set aside" noted 'set aside: .* does not answer'
"$BINRIP_BEDCTL" heal "${hung% *}"
begin
wait "$station"
equal "the drive that hung: exit code" 0 $?
finish
