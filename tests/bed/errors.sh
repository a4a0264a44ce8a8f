#!/bin/bash
# What goes wrong before a rip: one clear line (and perhaps a hint), exit 1, nothing left behind.
. "$(dirname "$0")/lib.sh"

# refuses WHAT REGEX: about the last `run`.
refuses() {
  equal "$1: exit code" 1 "$code"
  has_line "$1" "^binrip: error: .*($2)" run.err
  equal "$1: lines on stderr besides hints" 1 "$(grep -vc '^hint: ' run.err)"
  equal "$1: stdout" "" "$(cat run.out)"
  equal "$1: left behind" "${3:-}" "$(ls -A out)"
  checks=$((checks + 1))
  [ "$(wc -l <run.err)" -le 2 ] || fail "$1: more than an error and a hint" run.err
}

# run BED-OPTIONS… -- DEVICE SHEET OPTIONS…
run() {
  local options command
  split "$@"
  bed "${options[@]}" -- timeout 60 "$BINRIP" "${command[@]}" --offline --quiet >run.out 2>run.err
  code=$?
}
fresh() {
  rm -rf out
  mkdir out
}

fresh
run --disc none -- /dev/sr0 out/out.cue
refuses "no disc" "no disc|no medium"
run --disc demo --tray-open -- /dev/sr0 out/out.cue
refuses "open tray" "tray"
run --disc blank -- /dev/sr0 out/out.cue
refuses "blank disc" "blank"
run --disc dvd -- /dev/sr0 out/out.cue
refuses "DVD" "DVD"
run --disc demo --deny all -- /dev/sr0 out/out.cue
refuses "no permission" "no permission.*/dev/sr0"
run --disc demo -- /dev/sr77 out/out.cue
refuses "no such device" "/dev/sr77.*(No such|no such)|no such.*/dev/sr77"
run --disc demo -- /dev/null out/out.cue
refuses "not an optical drive" "/dev/null"
run --disc demo -- . out/out.cue
refuses "a folder for a drive" "directory|folder|not an? "
run --disc demo --vanish-after 5 -- /dev/sr0 out/out.cue
equal "vanished drive: exit code" 1 "$code"
has_line "vanished drive" '^binrip: error: ' run.err

for file in out.cue out.bin out.sub; do
  fresh
  echo mine >"out/$file"
  run --disc demo -- /dev/sr0 out/out.cue
  refuses "$file in the way" "$file is there already" "$file"
  equal "$file in the way is kept" mine "$(cat "out/$file")"
done

fresh
run --disc demo -- /dev/sr0 out/nowhere/out.cue
refuses "no such folder" "nowhere"

# A file system that is too small: only root may mount one.
fresh
if mount -t tmpfs -o size=1m none out 2>mount.err; then
  run --disc demo -- /dev/sr0 out/out.cue
  refuses "no space" "space"
  umount out
else
  echo "skipped: no space (no file system may be mounted here)"
fi
finish
