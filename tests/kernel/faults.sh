#!/bin/bash
# A drive in trouble behind a real kernel: no wrong sector, no endless wait, a clear message, and the same command
# goes on with a drive that works. Each kind of trouble is a test of its own: faults.sh NAME. Several run side by
# side, so they find their drive by BINRIP_BED_DEVICES.
. "$(dirname "$0")/../bed/lib.sh"

disc=zoo:mixed-mode
serial=${1^^} # drives that run beside this one are others, and other models: one that is looked for is not they
product=${serial:0:16}
at=1460       # in the midst of the disc's first audio track

# with OPTIONS… -- COMMAND…: the command, where "$device" stands for the drive; its exit code in `code`, how long it
# took in `seconds`.
with() {
  local options command
  split "$@"
  bed --disc "$disc" --serial "$serial" --product "$product" "${options[@]}" -- bash -c 'device=${BINRIP_BED_DEVICES% *}; date +%s >begin
    { '"${command[*]}"'
    } >run.out 2>run.err; echo $? >code; date +%s >end'
  code=$(cat code)
  seconds=$(($(cat end) - $(cat begin)))
  echo "binrip: exit code $code after $seconds s: $(head -1 run.err)"
}
rip_command='"$BINRIP" "$device" out/out.cue --offline --quiet'

# No endless wait: the kernel's own limits are two minutes at the worst, and the machine may be busy.
longest=300
within() {
  checks=$((checks + 1))
  [ "$seconds" -le "$longest" ] || fail "took $seconds s, more than $longest s" run.err
}

# One error line that says that, and no image.
stops() { # REGEX
  equal "exit code" 1 "$code"
  has_line "the message" "^binrip: error: .*($1)" run.err
  equal "lines besides hints and warnings" 1 "$(grep -Evc '^(hint|binrip: warning): ' run.err)"
  equal "no image" "" "$(ls out | grep '^out\.\(bin\|cue\)$')"
  within
}

# The same command, with a drive that works, gives what is on the disc.
goes_on() {
  with -- "$rip_command"
  equal "going on: exit code" 0 "$code"
  like_truth "going on" sub
}

# No sector that the map calls good is wrong; those that it calls less are at least so many.
nothing_wrong() { # LEAST
  local map=() good
  [ ! -e out/out.map ] || map=(out/out.map)
  checks=$((checks + 1))
  "$BINRIP_COMPARE_IMAGES" truth/out.bin out/out.bin ${map[@]+"${map[@]}"} >found 2>&1 || fail "called good and wrong" found
  good=$(awk '{ print $2 - $4 }' found)
  [ "$good" -ge "$1" ] || fail "$good sectors are called bad, at least $1 are" found
}

mkdir out
truth "$disc"
case $1 in
  # A command that is not answered, once: the kernel's timeout ends it, and the sectors come with the next.
  hang_once)
    with --fault "$at:hang:1" -- "$rip_command"
    equal "exit code" 0 "$code"
    like_truth "after a hang" sub
    within
    ;;
  # The same by libcdio, to which the kernel says that it was a success; nothing was put into the buffer.
  hang_libcdio)
    rip_command+=" --transport cdio"
    with --fault "$at:hang:1" -- "$rip_command"
    equal "exit code" 0 "$code"
    like_truth "after a hang" sub
    within
    ;;
  # The kernel gives the drive up after the first timeout.
  offline)
    with --fault "$at:hang" --offline -- "$rip_command"
    stops "stopped answering|No such device|no answer|unplugged"
    goes_on
    ;;
  # It answers nothing any more in the midst of the disc.
  deaf)
    with --fault "$at:hang" --deaf -- "$rip_command"
    stops "stopped answering"
    goes_on
    ;;
  deaf_libcdio)
    rip_command+=" --transport cdio"
    with --fault "$at:hang" --deaf -- "$rip_command"
    stops "stopped answering|no answer"
    goes_on
    ;;
  # It never answers when it is asked for the TOC, the kernel's own question at the opening among others.
  hang_toc)
    with --hang 43 -- "$rip_command"
    stops "command 43h: no answer in time"
    has_line "a hint" '^hint: .*switch the drive off and on' run.err
    goes_on
    ;;
  # It does not even answer when the node is opened.
  hang_open)
    with --hang 4A --hang 00 -- '"$BINRIP" info "$device"'
    equal "exit code" 1 "$code"
    has_line "the message" "^binrip: error: .*no answer" run.err
    within
    ;;
  # Success, and what is in the buffer is zeros, or of the read before.
  false_success)
    with --fault 300:zeros --fault "$at:untouched" --fault 2000:previous -- "$rip_command"
    checks=$((checks + 1))
    [ "$code" -eq 2 ] || [ "$code" -eq 3 ] || fail "exit code $code" run.err
    nothing_wrong 3
    within
    ;;
  unplugged)
    with --unplug-at "$at" -- "$rip_command"
    stops "has not come back within 30 s"
    goes_on
    ;;
  # Plugged in again while its old node is still open, so under another number. It is found, and the rip goes on.
  back_again)
    with --unplug-at "$at" --back-after 1000 -- "$rip_command"
    equal "exit code" 0 "$code"
    like_truth "plugged in again" sub
    has_line "the log" "the drive was away for a while, and came back as /dev/s[rg][0-9]+" out/out.log
    within
    ;;
  changed)
    with --fault "$at:changed" --lay-by zoo:audio-simple -- "$rip_command"
    stops "disc was changed"
    goes_on
    ;;
  button)
    with --eject-at "$at" -- "$rip_command"
    stops "disc was taken out"
    goes_on
    ;;
  # A bridge that takes 64 KiB where the kernel says more: an error without sense.
  transfer_limit)
    with --transfer-limit 65536 -- "$rip_command"
    equal "exit code" 0 "$code"
    like_truth "small transfers" sub
    checks=$((checks + 1))
    limit=$(awk '$1 == "max-transfer" { print $2 }' out/out.log)
    { [ "${limit:-0}" -gt 2352 ] && [ "$limit" -le 65536 ]; } || fail "not kept to small transfers: $limit" out/out.log
    within
    ;;
  # A hang at the first command of a rip beside a rip on another drive: that one does not wait.
  neighbour)
    with --numbers 0,1 --fault "$at:hang" --deaf -- 'set -- $BINRIP_BED_DEVICES; "$BINRIP" info "$2"'
    equal "exit code" 0 "$code"
    within
    ;;
  permissions)
    chmod 777 . out
    with --deny all -- "$rip_command"
    stops "no permission"
    with --deny write -- "$rip_command"
    equal "read-only: exit code" 0 "$code"
    like_truth "read-only" sub
    ;;
  *)
    fail "no such trouble: $1"
    ;;
esac
finish
