# SIGINT and SIGTERM stop the rip with 130 and 143; the same command goes on to the same image.
binrip sim:demo clean.cue --quiet
expect_code 0

# The shell ignores SIGINT for what runs in the background, and so may whoever has started the tests.
listening() { exec env --default-signal=INT "$program" "$@"; }
interrupt() {  # SIGNAL: sends it once sectors come
  : >"$work/out"  # what an earlier run said must not be taken for this one's
  listening sim:demo out.cue --sim-time real --progress json >"$work/out" 2>"$work/err" &
  local child=$!
  wait_for 'the first sectors' grep -q '"sectors_done":[1-9]' "$work/out"
  kill -s "$1" "$child"
  code=0
  wait "$child" || code=$?
}

for signal in INT:130 TERM:143; do
  interrupt "${signal%:*}"
  expect_code "${signal#*:}"
  expect_err_line 'binrip: error: interrupted'
  expect_err_line 'hint: the same command goes on from here'
  tail -n 1 "$work/out" | grep -q "\"event\":\"done\",\"exit_code\":${signal#*:}" || problem 'expected the end as JSON'
  [ ! -e out.cue ] || problem 'expected no out.cue'
done

binrip sim:demo out.cue --quiet
expect_code 0
expect_same out.bin clean.bin
expect_same out.sub clean.sub
[ ! -e out.map ] || problem 'expected the map to be gone'
