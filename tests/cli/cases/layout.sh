# --split gives a file a track that together are the whole; --no-sub leaves the subchannel out.
binrip sim:demo whole.cue --quiet
expect_code 0
binrip sim:demo split.cue --split --no-sub --quiet
expect_code 0
[ ! -e split.sub ] || problem 'expected no split.sub'
[ ! -e split.bin ] || problem 'expected no split.bin'
mapfile -t names < <(sed -n 's/^FILE "\(.*\)" BINARY.*/\1/p' split.cue)
[ ${#names[@]} -gt 1 ] || problem 'expected several files in the sheet'
cat "${names[@]}" >joined.bin
expect_same joined.bin whole.bin
