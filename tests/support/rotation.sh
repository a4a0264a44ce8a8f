# shellcheck shell=bash
# Which part of an exhaustive test this run takes: rotation.hpp for scripts.
# BINRIP_ROTATION is the number of the run, or "all" for every case at once; 0 where it is not set.
BINRIP_ROTATION=${BINRIP_ROTATION-0}
if [ "$BINRIP_ROTATION" != all ] && ! [[ $BINRIP_ROTATION =~ ^[0-9]{1,18}$ ]]; then
  echo "BINRIP_ROTATION: expected a whole number or \"all\", got \"$BINRIP_ROTATION\"" >&2
  exit 2
fi

# rotation_takes INDEX PERIOD: whether this run takes the case with that index.
rotation_takes() {
  [ "$BINRIP_ROTATION" = all ] || [ $((10#$1 % $2)) -eq $((10#$BINRIP_ROTATION % $2)) ]
}

# rotation_pick PERIOD WORD…: those of the words that this run takes, a line each.
rotation_pick() {
  local period=$1 index=0 word
  shift
  for word; do
    ! rotation_takes "$index" "$period" || printf '%s\n' "$word"
    index=$((index + 1))
  done
}
