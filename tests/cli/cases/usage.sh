# What is wrong on the command line is said in one line, with a hint.
binrip
expect_error 'expected DEVICE and OUT\.cue'
expect_err_line 'hint: `binrip --help` lists commands and options'

binrip /dev/sr0
expect_error 'expected OUT\.cue after the device'

binrip /dev/sr0 out.iso
expect_error 'expected a name that ends in \.cue, got "out\.iso"'

binrip sim:demo out.cue --fast
expect_error 'unknown option --fast'

binrip sim:demo out.cue --speed ludicrous
expect_error '--speed: expected a number from 1 to 100, got "ludicrous"'

binrip sim:demo out.cue --set colour=red
expect_error '.*colour.*'

binrip sim:demo out.cue --sim-option colour=red
expect_error '--sim-option: no such key "colour"'

binrip --verbose info sim:demo
expect_error 'expected a device, got "info"'

binrip info
expect_error 'expected DEVICE'

expect_files

binrip --version
expect_code 0
expect_out_line 'binrip [0-9]+\.[0-9]+\.[0-9]+'

for arguments in --help 'rip --help' 'info --help' 'drives --help'; do
  binrip $arguments
  expect_code 0
  expect_out_line '(Usage|       ?):? binrip .*|Usage: binrip .*'
  expect_err ''
done
