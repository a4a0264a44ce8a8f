# A recorded rip can be replayed without the drive.
binrip sim:zoo/audio-99 out.cue --quiet --record-trace trace.txt
expect_code 0
binrip replay:trace.txt again.cue --quiet
expect_code 0
expect_same out.bin again.bin

binrip sim:zoo/audio-99 third.cue --quiet --record-trace trace.txt
expect_error 'trace\.txt is there already'
[ ! -e third.cue ] || problem 'expected no third.cue'
