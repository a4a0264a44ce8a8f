# A robot on a serial line that takes one line of text and answers with one. The words here are made up: put your
# robot's in. BINRIP_ROBOT: its device.
robot=${BINRIP_ROBOT:-/dev/ttyUSB0}
patience=90 # seconds for an answer; less than the time limit for hooks, so that the robot's own trouble is told

# ask LINE: sends it, and ends this program as the answer demands unless it is "OK".
ask() {
  local answer
  # Without a lock a hook that was ended in the middle could still be listening.
  exec 9<>"${TMPDIR:-/tmp}/binrip-robot.lock"
  flock --timeout 10 9 || { echo "another program talks to the robot" >&2; exit 75; }
  exec 3<>"$robot" || exit 1
  stty raw -echo 9600 <&3
  # What it said to somebody who has gone. On a busy machine a time limit can pass although there is something.
  while sleep 0.05; read -r -t 0 <&3; do IFS= read -r -t 1 answer <&3; done
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
