# Without a server that answers, nothing is stored, and one line says why.
unset BINRIP_OFFLINE
mkdir "$work/config/binrip"
printf 'accuraterip_url = "http://127.0.0.1:1/"\n' >"$work/config/binrip/config.toml"

binrip drives --update-offsets
expect_error '.*127\.0\.0\.1.*DriveOffsets\.bin.*'
binrip offset sim:zoo/audio-simple
expect_error '.*127\.0\.0\.1.*dBAR-.*'
binrip offset sim:zoo/data-mode1
expect_error 'there is no audio on this disc'
binrip offset
expect_error 'expected DEVICE'
binrip offset sim:demo out.cue
expect_error 'unexpected argument out\.cue'
expect_files
[ "$(cat "$work/config/binrip/config.toml")" = 'accuraterip_url = "http://127.0.0.1:1/"' ] ||
  problem 'expected the configuration as it was'

# The list is a source of the profile.
mkdir -p "$work/cache/binrip"
{
  printf '\x30\x00BINRIP - SOFTWARE DRIVE'
  head -c 10 /dev/zero # the name has 33 bytes
  printf '\x09'
  head -c 33 /dev/zero
} >"$work/cache/binrip/DriveOffsets.bin"
binrip info sim:demo
expect_out_line '  read offset  +\+48 samples +list'
# One that is broken is as good as none.
echo broken >"$work/cache/binrip/DriveOffsets.bin"
binrip info sim:demo
expect_code 0
expect_out_line '  read offset  +\+0 samples +assumed'
