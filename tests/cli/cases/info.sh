# Drive and disc, for people and for programs.
binrip info sim:demo
expect_code 0
expect_err ''
expect_out_line 'Drive         BINRIP SOFTWARE DRIVE 1\.0, serial SIM00001'
expect_out_line 'Medium        CD-ROM, [0-9]+ sessions, [0-9]+ tracks, [0-9:]+'
expect_out_line 'MCN           [0-9]{13}'
expect_out_line 'MusicBrainz   [A-Za-z0-9._-]{28}'
expect_out_line '  read offset  +.* samples .*'
expect_out_line ' +1  audio .*'

binrip info sim:demo --json --read-offset=-472
expect_code 0
expect_err ''
expect_out_line '  "schema_version": 1,'
expect_out_line '      "value": -472,'
expect_out_line '      "source": "command line"'
expect_files

printf '[[drive]]\nvendor = "BINRIP"\nproduct = "SOFTWARE DRIVE"\nread_offset = 667\n' >"$work/config/config.toml"
mkdir "$work/config/binrip" && mv "$work/config/config.toml" "$work/config/binrip/"
binrip info sim:demo
expect_out_line '  read offset  +\+667 samples +configured'

echo 'drive = 3' >"$work/config/binrip/config.toml"
binrip info sim:demo
expect_error '.*config\.toml:1: .*'
rm "$work/config/binrip/config.toml"

# The label of the last session with data.
for disc in mixed-mode:BINRIP_1 cd-extra:BINRIP_2 audio-simple:; do
  binrip info "sim:zoo/${disc%%:*}" --json
  expect_code 0
  label=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["volume_label"] or "")' <"$work/out")
  [ "$label" = "${disc#*:}" ] || problem "$disc: got label [$label]"
done

# Nobody takes the answer.
code=0
"$program" info sim:demo >/dev/full 2>"$work/err" || code=$?
: >"$work/out"
expect_error 'cannot write to standard output'

# Fifteen commands at most, the one that meets the unit attention of a new disc among them.
for disc in audio-simple audio-isrc-mcn audio-99 audio-cdtext-latin1 mixed-mode cd-extra three-sessions demo; do
  name=sim:zoo/$disc
  [ "$disc" = demo ] && name=sim:demo
  binrip info "$name" --record-trace "$disc.trace"
  expect_code 0
  commands=$(grep -c -v '^#' "$disc.trace")
  [ "$commands" -gt 0 ] && [ "$commands" -le 15 ] || problem "$disc: expected at most 15 commands, got $commands"
done
