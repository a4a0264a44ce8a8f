# shellcheck shell=bash
# tower_stack: the discs that the robot of the tower has before it, lines "NAME DISC". First those that take their
# time, so that the rest goes on beside them.
tower_stack() {
  local specs=() kind n i
  # What goes wrong.
  specs+=(zoo:mixed-mode+1@deaf-at=900 zoo:cd-extra+1@unplug-at=700 upside-down dvd)
  specs+=(zoo:data-mode1+2@fault-hard=1000+3 zoo:audio-simple+2@fault-hard=500+20 blank)
  specs+=(zoo:cdg+2@fault-c2=600+5 upside-down zoo:audio-htoa@fault-hard=300+5 dvd)
  # One of each kind, then others of the kinds, and the same pressings again.
  for kind in $("$BINRIP_BED" --list-discs) audio-preemphasis-q+3; do specs+=("zoo:$kind"); done
  for n in 5 9; do
    for kind in audio-indexes audio-isrc-mcn data-mode1 mixed-mode data-xa cd-extra three-sessions libcrypt audio-bare \
      audio-cdtext-latin1; do
      specs+=("zoo:$kind+$n") # data-xa+N has the TOC of data-mode1+N
    done
  done
  specs+=(zoo:audio-simple zoo:demo zoo:audio-isrc-mcn zoo:cdg zoo:mixed-mode zoo:data-mode1+5 zoo:audio-isrc-mcn+9)
  specs+=(zoo:audio-simple zoo:cd-extra zoo:data-mode1@fault-hard=1200+2)
  i=0
  for kind in "${specs[@]}"; do
    i=$((i + 1))
    printf 'd%02d %s\n' "$i" "$kind"
  done
}

# What is on them, each once, from the stack.
tower_discs() {
  sed 's/^[^ ]* //; s/@.*//' | grep -Evx 'upside-down|dvd|blank' | sort -u
}
