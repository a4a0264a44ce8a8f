# A second signal does not wait for the drive: the program dies of it, and the same command still goes on.
binrip sim:demo clean.cue --quiet
expect_code 0

set -m  # else the shell has SIGINT ignored in the background
: >"$work/out"
"$program" sim:demo out.cue --sim-time real --sim-option fault-hard=100+200 --progress json >"$work/out" 2>"$work/err" &
child=$!
# From the first error on the drive is busy with the damage.
for _ in $(seq 300); do
  if grep -q '"medium_errors":[1-9]' "$work/out"; then break; fi
  sleep 0.1
done
kill -s INT "$child"
sleep 0.5
kill -s INT "$child"
code=0
wait "$child" || code=$?
expect_code 130
expect_no_err_line 'binrip: error: interrupted'
[ ! -e out.cue ] || problem 'expected no out.cue'

binrip sim:demo out.cue --quiet
expect_code 0
expect_same out.bin clean.bin
