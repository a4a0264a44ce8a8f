# An image put into a software drive, whatever that drive is like, gives the same image again.
binrip sim:demo a.cue --quiet
expect_code 0
binrip sim:a.cue b.cue --quiet --sim-option read-offset=6 --read-offset 6 --sim-option order=main-sub-c2
expect_code 0
expect_same a.bin b.bin
expect_same a.sub b.sub
sed 's/a\.bin/b.bin/; s/a\.cdt/b.cdt/' a.cue >expected.cue
expect_same expected.cue b.cue
