# A robot on a serial line that takes one line of text and answers with one. The words here are made up: put your
# robot's in. BINRIP_ROBOT: its device.
robot=${BINRIP_ROBOT:-/dev/ttyUSB0}
patience=90 # seconds for an answer. With the waits below it is less than the time limit for hooks: its trouble is told.

# Reads what the robot has said to a hook that was ended, until it is silent for a moment. `read -t 0` asks whether
# there is something to read: on a busy machine any other time limit can expire although there is.
discard_old_answers() {
  local line last=$((SECONDS + 5))
  while sleep 0.2; read -r -t 0 <&3; do
    while read -r -t 0 <&3; do
      # A status above 128 is half a line. Any other failure means that the device is gone, which stays readable.
      IFS= read -r -t 1 line <&3 || [ $? -gt 128 ] || { echo "the robot is unplugged" >&2; exit 1; }
      [ "$SECONDS" -lt "$last" ] || { echo "the robot does not stop sending: $line" >&2; exit 1; }
    done
  done
}

# ask LINE: sends it, and ends this program as the answer demands unless it is "OK".
ask() {
  local answer
  # Without a lock a hook that was ended in the middle could still be listening.
  exec 9<>"${TMPDIR:-/tmp}/binrip-robot.lock"
  flock --timeout 10 9 || { echo "another program talks to the robot" >&2; exit 75; }
  [ -c "$robot" ] || { echo "there is no device $robot" >&2; exit 1; } # which the next line would make a file
  exec 3<>"$robot" || exit 1
  stty raw -echo 9600 <&3
  discard_old_answers
  printf '%s\n' "$1" >&3
  IFS= read -r -t "$patience" answer <&3 || { echo "the robot does not answer to: $1" >&2; exit 1; }
  case ${answer%$'\r'} in
    OK) ;;
    EMPTY) exit 80 ;; # the input stack
    BUSY) exit 75 ;;  # somebody has opened its door, or its output stack is full
    *)
      echo "the robot answers to $1: $answer" >&2
      exit 1
      ;;
  esac
}
