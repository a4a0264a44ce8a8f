# What the bed's scripts share. They get BINRIP_BED and BINRIP from CTest, work in a folder of their own that
# goes when they end, and fail when any check failed.
set -uo pipefail
: "${BINRIP_BED:?}" "${BINRIP:?}" "${BINRIP_COMPARE_IMAGES:?}"
export LC_ALL=C.UTF-8
unset BINRIP_BED_PRELOADED

work=$(mktemp -d /tmp/binrip-bed.XXXXXX)
trap '[ -n "${BINRIP_BED_KEEP:-}" ] || rm -rf "$work"' EXIT
chmod 755 "$work" # programs may run as another user
export HOME=$work XDG_CONFIG_HOME=$work/config TMPDIR=$work
export BINRIP_OFFLINE=1 # no test asks the world's servers
cd "$work" || exit 1
failures=0
checks=0

# Says what failed, with the output of the program at fault.
fail() {
  local file
  failures=$((failures + 1))
  echo "FAILED: $1"
  shift
  for file in "$@"; do [ -s "$file" ] && sed 's/^/    /' "$file" | head -40; done
  return 0
}

# check WHAT COMMAND…: the command must succeed.
check() {
  local what=$1
  shift
  checks=$((checks + 1))
  "$@" >check.log 2>&1 || fail "$what: $*" check.log
}

equal() { # WHAT EXPECTED ACTUAL
  checks=$((checks + 1))
  [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

same_file() { # WHAT EXPECTED ACTUAL
  checks=$((checks + 1))
  cmp "$2" "$3" >check.log 2>&1 || fail "$1: $2 and $3 differ" check.log
}

has_line() { # WHAT REGEX FILE
  checks=$((checks + 1))
  grep -Eq -- "$2" "$3" || fail "$1: no line like '$2'" "$3"
}

# wait_for WHAT COMMAND…: until it succeeds. Where the process `awaited` ends first, or three minutes pass, the script
# ends after `give_up`: whatever comes next would only fail as well.
awaited=
give_up() { :; }
wait_for() {
  local what=$1 last=$((SECONDS + 180)) why=
  shift
  while true; do
    if [ -n "$awaited" ] && ! kill -0 "$awaited" 2>/dev/null; then why="what should bring it has ended"; fi
    [ "$SECONDS" -lt "$last" ] || why="three minutes have passed"
    "$@" >/dev/null 2>&1 && return # asked last: it can have come together with the end
    [ -z "$why" ] || break
    sleep 0.1
  done
  fail "waited in vain: $what: $why" ${awaited_logs[@]+"${awaited_logs[@]}"}
  give_up
  exit 1
}
awaited_logs=() # what tells why
has_lines() { [ "$("${@:2}" 2>/dev/null | wc -l)" -ge "$1" ]; } # COUNT COMMAND…: it prints so many, or more

finish() {
  echo "$checks checks, $failures failed"
  [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
  exit $?
}

bed() { "$BINRIP_BED" "$@"; }
# For programs of others, which know nothing of our sanitizers.
foreign() { "$BINRIP_BED" --plain "$@"; }
zoo() { "$BINRIP_BED" --list-discs; }

# truth DISC: writes what is on it into ./truth. Where BINRIP_BED_TRUTHS is a folder, each disc is written there
# once, and ./truth is a link to it.
truth() {
  rm -rf truth
  if [ -z "${BINRIP_BED_TRUTHS:-}" ]; then
    "$BINRIP_BED" --disc "$1" --write-truth truth
    return
  fi
  (
    flock 9
    [ -e "$BINRIP_BED_TRUTHS/$1/disc.txt" ] || "$BINRIP_BED" --disc "$1" --write-truth "$BINRIP_BED_TRUTHS/$1"
  ) 9>"$BINRIP_BED_TRUTHS/lock"
  ln -s "$BINRIP_BED_TRUTHS/$1" truth
}

# sectors FILE FIRST COUNT: these sectors of a BIN.
sectors() { tail -c +$(($2 * 2352 + 1)) "$1" | head -c $(($3 * 2352)); }

# tracks [MODE|data]: "NUMBER SESSION MODE CONTROL START BEGIN END SECTOR ISRC|-" of the tracks in ./truth;
# SECTOR is where START lies in out.bin.
tracks() {
  awk -v want="${1:-}" '$1 == "track" && (want == "" || want == $4 || (want == "data" && $4 != "audio")) {
    sub(/^track /, ""); print }' truth/disc.txt
}

# split OPTION… -- COMMAND…: the options go to `options`, the rest to `command`.
split() {
  options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  command=("$@")
}

# rip DISC BED-OPTIONS…: rips rip_device to out/out.cue with the options in rip_options, and expects rip_code.
rip_device=/dev/sr0
rip_options=()
rip_code=0
rip() {
  local disc=$1
  shift
  rm -rf out
  mkdir out
  bed --disc "$disc" "$@" -- "$BINRIP" "$rip_device" out/out.cue --offline --quiet ${rip_options[@]+"${rip_options[@]}"} \
    >rip.out 2>rip.err
  local code=$?
  checks=$((checks + 1))
  [ "$code" -eq "$rip_code" ] || fail "binrip on $disc $*: exit code $code" rip.err
}

# like_truth WHAT sub|nosub: the image is what is on the disc.
like_truth() {
  local what=$1 file
  same_file "$what" truth/out.bin out/out.bin
  same_file "$what" truth/out.cue out/out.cue
  [ ! -e truth/out.cdt ] || same_file "$what" truth/out.cdt out/out.cdt
  if [ "$2" = sub ]; then
    same_file "$what" truth/out.sub out/out.sub
  else
    equal "$what: no subchannel file" "" "$(ls out | grep 'sub$')"
  fi
}
