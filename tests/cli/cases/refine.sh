# A damaged image is gone on with by the same command, by another drive, and by a second image.
hurt='--retries 0 --sim-option always-corrects=yes --sim-option fault-hard'
binrip sim:demo clean.cue --quiet
expect_code 0
binrip sim:demo out.cue --quiet $hurt=1000+2
expect_code 3
cp out.bin first.bin

# Nothing better comes: the same exit code, and the image stays.
binrip sim:demo out.cue --progress none $hurt=1000+2
expect_code 3
expect_err_line 'binrip: warning: nothing of out\.cue could be read better; it stays as it is'
expect_same out.bin first.bin
[ ! -e out.partial ] || problem 'expected nothing beside the image'

binrip sim:demo out.cue --quiet
expect_code 0
expect_same out.bin clean.bin
expect_same out.sub clean.sub
[ ! -e out.map ] || problem 'expected no map of a good image'
expect_in_file out.log 'Runs that this image is made of'

binrip sim:demo out.cue
expect_error 'out\.bin is there already'
expect_err_line 'hint: no \.map beside the sheet says that anything could be better; .*'
binrip refine out.cue sim:demo --progress none
expect_code 0
expect_err_line 'binrip: warning: all of out\.cue is good, and the disc agrees with it; it stays as it is'
expect_same out.bin clean.bin
binrip refine none.cue sim:demo
expect_error 'there is no image none\.cue'

# Another drive, with another read offset, for an image of one BIN a track.
binrip sim:demo split.cue --split --quiet $hurt=900+3
expect_code 3
binrip sim:zoo/audio-simple split.cue --split --progress none
expect_error 'split\.cue is an image of another disc'
binrip refine split.cue sim:demo --progress none --sim-option read-offset=30 --read-offset 30
expect_error 'split\.cue was made with read offset \+0, now it is \+30'
binrip refine split.cue sim:demo --progress none
expect_code 0
cat split\ \(Track*.bin >joined
expect_same joined clean.bin

# Two images become one; what both lack is filled as asked for.
binrip sim:demo a.cue --quiet $hurt=1000 --sim-option fault-hard=7000 --fill deadbeef
expect_code 3
expect_in_file a.map '^# filled [0-9]+ [0-9]+ silence$'
expect_in_file a.map '^# filled [0-9]+ [0-9]+ deadbeef$'
expect_in_file a.json '"with": "silence"'
expect_in_file a.json '"with": "deadbeef"'
binrip sim:demo b.cue --quiet $hurt=3000
expect_code 3
binrip merge a.cue b.cue ab.cue
expect_code 0
expect_out_line '  from    a\.cue: [1-9][0-9]* sectors?'
expect_same ab.bin clean.bin
expect_same ab.sub clean.sub
binrip merge a.cue b.cue ab.cue
expect_error 'ab\.bin is there already'
