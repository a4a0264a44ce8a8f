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
expect_out_line '  out\.bin: not as recorded: CRC-32, SHA-256'
expect_out_line '  whole image: not as recorded: CRC-32, SHA-256'
expect_in_file out.json '"exit_code": 3'
cp right.bin out.bin

printf ' ' >>out.log
binrip verify out.cue
expect_code 3
expect_out_line '  out\.log: its checksum of itself does not fit'

# An image of somebody else has no report: its data sectors still tell.
rm out.json out.log out.sha256
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
expect_out_line 'Usage: binrip verify OUT\.cue .*'

# What the ECC can mend is mended in a copy; the image stays as it is.
binrip verify out.cue --repair new.cue
expect_code 0
[ ! -e new.cue ] || problem 'expected no copy of an image without a fault'
for at in 2352000 2352100 2356000; do
  printf 'binrip' | dd of=out.bin bs=1 seek=$((at + 5000 * 2352)) conv=notrunc status=none
done
cp out.bin damaged.bin
head -c 2352 /dev/urandom | dd of=out.bin bs=2352 seek=6100 conv=notrunc status=none
cp out.bin damaged.bin
binrip verify out.cue --repair new.cue
expect_code 3
expect_out_line 'Repaired copy: 2 sectors mended, 1 left as they are'
expect_out_line ' +6000  mended, .*'
expect_out_line ' +6100  left'
expect_same out.bin damaged.bin
dd if=right.bin of=expected.bin bs=1M status=none
dd if=out.bin of=expected.bin bs=2352 skip=6100 seek=6100 count=1 conv=notrunc status=none
expect_same new.bin expected.bin
expect_same new.sub out.sub
binrip verify new.cue
expect_code 3
binrip verify out.cue --repair new.cue
expect_error 'new\.bin is there already'
