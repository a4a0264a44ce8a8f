# OUT.sha256 is what sha256sum takes, of all files but the report, which verify adds to.
binrip sim:demo out.cue --split --quiet
expect_code 0
sha256sum -c --strict --quiet out.sha256 >sum.out 2>&1 || problem 'expected sha256sum to find all as it was'
[ ! -s sum.out ] || problem 'expected sha256sum to say nothing'
[ "$(cut -c67- out.sha256 | sort)" = "$(ls | grep -vxE 'out.json|out.sha256|sum.out' | LC_ALL=C.UTF-8 sort)" ] ||
  problem 'expected a line for each file'
binrip verify out.cue
expect_code 0
sha256sum -c --strict --quiet out.sha256 >sum.out 2>&1 || problem 'expected it to stay so after a verification'

# Names are escaped as sha256sum does it.
binrip sim:zoo/audio-simple 'back\slash.cue' --quiet
expect_code 0
sha256sum -c --strict --quiet 'back\slash.sha256' >sum.out 2>&1 || problem 'expected sha256sum to read the name'
(LC_ALL=C sha256sum back*.bin back*.sub back*.cue back*.log) >sum.out
expect_same sum.out 'back\slash.sha256'
binrip verify 'back\slash.cue'
expect_code 0

# A damaged image has more files.
binrip sim:demo damaged.cue --picture --quiet --sim-option fault-hard=1000+20
expect_code 3
[ "$(cut -c67- damaged.sha256 | wc -l)" = 7 ] || problem 'expected seven lines'
sha256sum -c --strict --quiet damaged.sha256 >sum.out 2>&1 || problem 'expected sha256sum to find all as it was'
printf ' ' >>damaged.map
binrip verify damaged.cue
expect_code 3
expect_out_line '  damaged\.map: not as recorded: .*'
expect_out_line '  damaged\.map: not as damaged\.sha256 has it'

# It is in the way like every other file.
touch other.sha256
binrip sim:demo other.cue
expect_error '.*other\.sha256 is there already'
