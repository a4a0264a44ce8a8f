# Audio from a drive without C2 is read twice, and good when both agree. The third pass is for this disc's wrong
# Qs, which lie in the data.
binrip sim:demo clean.cue --quiet
expect_code 0
binrip sim:demo out.cue --progress none --sim-option c2=none
expect_code 0
expect_in_file out.json '"passes": 3'
expect_same out.bin clean.bin
