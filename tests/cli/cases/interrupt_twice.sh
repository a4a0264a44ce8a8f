# A second signal does not wait for the drive: the program dies of it, and the same command still goes on.
binrip sim:demo clean.cue --quiet
expect_code 0

# The shell ignores SIGINT for what runs in the background, and so may whoever has started the tests.
listening() { exec env --default-signal=INT "$program" "$@"; }
: >"$work/out"
# A command that hangs keeps the drive busy for a minute: long enough for both signals on any machine.
listening sim:demo out.cue --sim-time real --sim-option fault-hang=100+200 --progress json >"$work/out" 2>"$work/err" &
child=$!
hangs() {  # sectors came, and then no more for a second
  local size
  grep -q '"sectors_done":[1-9]' "$work/out" || return 1
  size=$(stat -c %s "$work/out")
  sleep 1
  [ "$size" = "$(stat -c %s "$work/out")" ]
}
wait_for 'the drive to hang' hangs
kill -s INT "$child"
wait_for 'word of the first signal' grep -q 'once more ends at once' "$work/err"
sleep 0.3  # sooner, it would be taken for the same wish
kill -s INT "$child"
code=0
wait "$child" || code=$?
expect_code 130
expect_no_err_line 'binrip: error: interrupted'
[ ! -e out.cue ] || problem 'expected no out.cue'

binrip sim:demo out.cue --quiet
expect_code 0
expect_same out.bin clean.bin
