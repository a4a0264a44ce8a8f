# A finished rip verifies; its report tells when; and what is changed is found.
binrip sim:demo out.cue --quiet
binrip verify out.cue
expect_code 0
expect_err ''
expect_out_line 'everything is as recorded'
expect_in_file out.json '"verdict": "everything is as recorded"'
[ "$(head -n -2 out.log | sha256sum | cut -c1-64)" = "$(tail -n 1 out.log | grep -oE '[0-9a-f]{64}$')" ] ||
  problem 'expected the SHA-256 of the log at its end'

cp out.bin right.bin
printf 'XX' | dd of=out.bin bs=1 seek=$((2352 * 20 + 100)) conv=notrunc status=none
binrip verify out.cue --json
expect_code 3
expect_out_line '  "exit_code": 3,'
binrip verify out.cue
expect_code 3
expect_out_line '  out\.bin: not as recorded: CRC-32, MD5, SHA-1, SHA-256'
expect_out_line '  whole image: not as recorded: CRC-32, MD5, SHA-1, SHA-256'
expect_in_file out.json '"exit_code": 3'
cp right.bin out.bin

printf ' ' >>out.log
binrip verify out.cue
expect_code 3
expect_out_line '  out\.log: its checksum of itself does not fit'

# An image of somebody else has no report: its data sectors still tell.
rm out.json out.log
binrip verify out.cue
expect_code 0
expect_out_line 'Report      none'
expect_out_line 'all data sectors that can be checked are right; no report to compare with'

binrip verify none.cue
expect_error 'cannot open none\.cue: .*'
binrip verify
expect_error 'expected the CUE sheet of an image'
binrip verify --help
expect_code 0
expect_out_line 'Usage: binrip verify OUT\.cue \[--json\]'
