#!/bin/bash
# drive_time_others.sh BUILD [SECTORS]: drive time of a whole rip over one ideal pass, on the drive's own
# clock, for binrip and the programs of others, on the same audio discs in the same drive (C2, 2 MB cache); and how
# many sectors of what they wrote are wrong. They run unmodified in the bed of tests/bed. With 333,000 sectors, a
# full disc, it takes a minute a line, more where there is damage, and 2 GB in TMPDIR. PROGRAMS="…" and
# PATTERNS="…;…" choose some of the lines.
set -uo pipefail
build=$(realpath "${1:?the folder of a build is wanted}")
sectors=${2:-333000}
read -r -a programs <<<"${PROGRAMS:-binrip cd-paranoia cdparanoia cdrdao cdrdao-plain}"
IFS=';' read -r -a patterns <<<"${PATTERNS:-clean;20 30 c2;60 60 c2;20 30 hard}"
bed=$build/tests/bed/binrip-bed
compare=$build/tests/bed/binrip-compare-images
export LC_ALL=C.UTF-8
unset BINRIP_BED_PRELOADED

work=$(mktemp -d "${TMPDIR:-/tmp}/binrip-others.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0
export HOME=$work XDG_CONFIG_HOME=$work
cd "$work" || exit 1

# spots NUMBER SIZE KIND: damage spread evenly; each sector of it reads well with chance 0.3.
spots() {
  local spot
  for ((spot = 0; spot < $1; ++spot)); do
    echo "--sim-option fault-$3=$(((2 * spot + 1) * (sectors / $1) / 2))+$2,bytes=300,success=30"
  done
}

# in_bed COMMAND…: with the faults of this pattern.
in_bed() {
  "$bed" --disc "audio:$sectors" ${faults[@]+"${faults[@]}"} --statistics statistics "$@" >log 2>&1
}

# Each leaves its image in out.bin.
run_binrip() {
  in_bed -- "$build/binrip" /dev/sr0 out.cue --quiet --force --no-sub --retries 20 --read-offset 0
}
run_paranoia() { in_bed --plain -- timeout 1800 "$1" -d /dev/sr0 -q -r 1-12 out.bin; }
run_cdrdao() {
  rm -f out.toc
  in_bed --plain -- timeout 1800 cdrdao read-cd "$@" --device /dev/sr0 --driver generic-mmc-raw --datafile out.be out.toc
  local code=$?
  [ -e out.be ] && dd conv=swab if=out.be of=out.bin bs=1M 2>/dev/null # it writes the high byte first
  rm -f out.be
  return $code
}
run() {
  case $1 in
    binrip) run_binrip ;;
    cd-paranoia | cdparanoia) run_paranoia "$1" ;;
    cdrdao) run_cdrdao ;;
    cdrdao-plain) run_cdrdao --paranoia-mode 0 ;;
    *) return 127 ;;
  esac
}

statistic() { awk -v name="$1" '$1 == name { print $2 }' statistics; }

line() { # PATTERN PROGRAM
  rm -f out.* statistics
  run "$2"
  local code=$?
  [ -e statistics ] || { tail -n 3 log; return; }
  [ -e out.bin ] || : >out.bin
  local map=()
  [ ! -e out.map ] || map=(out.map)
  if ! "$compare" truth/out.bin out.bin ${map[@]+"${map[@]}"} >compared && [ "$2" = binrip ]; then
    echo "drive_time_others: error: binrip calls sectors good that are not" >&2
    failures=$((failures + 1))
  fi
  awk -v pattern="$1" -v program="$2" -v code=$code -v time="$(statistic milliseconds)" \
    -v ideal="$(statistic ideal_milliseconds)" -v commands="$(statistic commands)" \
    -v cached="$(statistic cache_hits)" '{
      printf "| %-22s | %-12s | %7.2f | %8d | %10d | %6d | %6d | %4d |\n",
        pattern, program, time / ideal, commands, cached, $8, $10, code }' compared
}

"$bed" --disc "audio:$sectors" --write-truth truth || exit 1
echo "$sectors sectors of audio, C2, 2 MB cache; spots: number x sectors, each good at 0.3 of its reads"
echo
echo "| disc                   | program      | x ideal | commands | from cache |  wrong |   lost | exit |"
echo "|:-----------------------|:-------------|--------:|---------:|-----------:|-------:|-------:|-----:|"
for pattern in "${patterns[@]}"; do
  faults=()
  if [ "$pattern" != clean ]; then
    read -r number size kind <<<"$pattern"
    read -r -a faults <<<"$(spots "$number" "$size" "$kind" | tr '\n' ' ')"
    pattern="$number x $size, $kind"
  fi
  for program in "${programs[@]}"; do line "$pattern" "$program"; done
done
[ "$failures" -eq 0 ]
