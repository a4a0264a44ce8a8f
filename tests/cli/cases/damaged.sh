# A damaged disc is published with exit 3 and its map; --strict withholds it and keeps what was read.
binrip sim:demo clean.cue --quiet
expect_code 0
binrip sim:demo out.cue --progress none --sim-option fault-hard=1000+20
expect_code 3
expect_err_line 'binrip: warning: 20 sectors failed'
expect_err_line 'hint: the \.map beside the sheet says which they are'
expect_in_file out.map '^1000 20 failed'
expect_in_file out.json '"exit_code": 3'

binrip sim:demo strict.cue --progress none --strict --sim-option fault-hard=1000+20
expect_code 1
[ ! -e strict.cue ] || problem 'expected no strict.cue'
[ -d strict.partial ] || problem 'expected that what was read is kept'

binrip sim:demo strict.cue --progress none --strict
expect_code 0
expect_same strict.bin clean.bin
expect_same strict.sub clean.sub
[ ! -e strict.map ] || problem 'expected no map of a good image'
[ ! -e strict.partial ] || problem 'expected nothing left of the first try'
