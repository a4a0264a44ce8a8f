# tell URGENCY TEXT: says it in every way that there is here. URGENCY is normal or critical.
# BINRIP_TELL_URL: an address that gets the text as well (ntfy.sh, Home Assistant and others take a plain POST).
# Nobody is waited for: a station goes on without its loudspeaker.
tell() {
  sound=complete
  [ "$1" = normal ] || sound=dialog-warning
  echo "$2"
  if command -v notify-send >/dev/null; then notify-send --urgency="$1" binrip "$2" || true; fi
  if command -v canberra-gtk-play >/dev/null; then
    canberra-gtk-play --id="$sound" || true
  elif command -v beep >/dev/null; then
    beep || true
  fi
  if [ -n "${BINRIP_TELL_URL:-}" ] && command -v curl >/dev/null; then
    curl --silent --max-time 10 --data "$2" "$BINRIP_TELL_URL" >/dev/null || true
  fi
}
