# One JSON object a line on standard output, the last one tells how it ended.
binrip sim:demo out.cue --progress json
expect_code 0
expect_err ''
! grep -qv '^{"event":"[a-z]*",.*}$' "$work/out" || problem 'expected JSON lines only'
expect_out_line '\{"event":"stage","stage":"waiting for the disc"\}'
expect_out_line '\{"event":"progress",.*"lba":.*"seconds_left":.*\}'
tail -n 1 "$work/out" | grep -q '^{"event":"done","exit_code":0,"verdict":".*"files":\[.*out\.cue"\]' ||
  problem 'expected the outcome at the end'

binrip sim:demo out.cue --progress json
expect_code 1
tail -n 1 "$work/out" | grep -q '^{"event":"done","exit_code":1,"error":".*' || problem 'expected the error at the end'
