#!/bin/bash
# The examples of loaders: loader_examples.sh EXAMPLES. The serial robot against one in software, the hand-fed station
# with programs that write down how they are called.
set -uo pipefail
examples=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d /tmp/binrip-loaders.XXXXXX)
robot=
trap 'kill $robot 2>/dev/null; rm -rf "$work"' EXIT
export TMPDIR=$work
failures=0
equal() { # WHAT EXPECTED ACTUAL
  [ "$2" = "$3" ] || { failures=$((failures + 1)); echo "FAILED: $1: expected '$2', got '$3'"; false; }
}

python3 "$here/fake_robot.py" "$work/robot" 2 &
robot=$!
until [ -e "$work/robot" ]; do
  kill -0 "$robot" 2>/dev/null || { echo "FAILED: the robot ended before it made its device"; exit 1; }
  sleep 0.02
done
export BINRIP_ROBOT=$work/robot
hook() { # HOOK DRIVE EXIT-CODE
  "$examples/serial-robot/$1" "/dev/sr$2" "$2" >out 2>err
  equal "serial-robot/$1 $2: exit code" "$3" $? || sed 's/^/    /' out err
}
cd "$work" || exit 1
hook pre-batch 0 0
hook load 0 0
hook load 0 1 # a disc on a disc
equal "the robot's own words" "the robot answers to LOAD 0: ERROR there is a disc" "$(tr -d '\r' <err)"
hook load 3 0
hook load 5 80
touch robot.door
hook unload 0 75
rm robot.door
hook unload 0 0
hook reject 3 0
hook unload 3 1
hook post-batch 0 0
equal "all that the robot heard" "HOME: OK
LOAD 0: OK
LOAD 0: ERROR there is a disc
LOAD 3: OK
LOAD 5: EMPTY
UNLOAD 0: BUSY
UNLOAD 0: OK
REJECT 3: OK
UNLOAD 3: ERROR there is no disc
HOME: OK" "$(cat robot.log)"
BINRIP_ROBOT=$work/none hook load 0 1
equal "a device that is not there" "there is no device $work/none" "$(cat err)"
equal "and is not made" "" "$(ls none 2>/dev/null)"

# Nothing but these programs is found, so that nothing rings.
mkdir bin
for program in notify-send canberra-gtk-play curl; do
  printf '#!/bin/sh\necho "%s $*" >>"%s/told"\nexit 1\n' "$program" "$work" >"bin/$program"
  chmod +x "bin/$program"
done
for program in sh dirname; do ln -s "$(command -v "$program")" bin; done
station() { # HOOK ENVIRONMENT…: what it writes and tells
  local hook=$1
  shift
  rm -f told
  env -i PATH="$work/bin" BINRIP_DRIVE=/dev/sr4 BINRIP_DRIVE_NUMBER=2 "$@" "$examples/hand-fed/$hook" /dev/sr4 2 >out 2>&1
  equal "hand-fed/$hook: exit code" 0 $? || sed 's/^/    /' out
}
station unload BINRIP_TELL_URL=http://localhost/
equal "a disc is done" "Drive 2 (/dev/sr4): the disc is done." "$(cat out)"
equal "and everybody hears it" "notify-send --urgency=normal binrip Drive 2 (/dev/sr4): the disc is done.
canberra-gtk-play --id=complete
curl --silent --max-time 10 --data Drive 2 (/dev/sr4): the disc is done. http://localhost/" "$(cat told)"
station reject 'BINRIP_REASON=no CD: $(touch harm)'
equal "a disc to put aside" 'Drive 2 (/dev/sr4): put this disc aside. no CD: $(touch harm)' "$(cat out)"
equal "no shell has read the reason" "" "$(ls harm 2>/dev/null)"
station post-batch BINRIP_BATCH_END=finished
equal "the end" "All discs are done." "$(cat out)"

if command -v shellcheck >/dev/null; then
  for folder in "$examples"/*/; do
    for script in "$folder"*; do
      shell=sh
      case $script in */serial-robot/*) shell=bash ;; esac
      (cd "$folder" && shellcheck -x -P SCRIPTDIR -e SC2034 -s "$shell" "$script") || failures=$((failures + 1))
    done
  done
fi
[ "$failures" -eq 0 ]
