# What is wrong with a drive, and whether it can be used, by a software drive.
binrip doctor sim:demo
expect_code 0
expect_err ''
expect_out_line '  ok       drive      BINRIP SOFTWARE DRIVE 1\.0'
expect_out_line '  ok       reading    24 of 24 sectors in [0-9]+ ms, C2 clean in 24, Q right in 24'
expect_out_line '           hint: `binrip drives --update-offsets` .*'

binrip doctor sim:demo --json
expect_code 0
expect_out_line '  "usable": true,'

binrip doctor sim:demo --sim-option medium=none
expect_code 0
expect_out_line '  note     disc       no disc in sim:demo; .*'

binrip doctor /dev/no-such-drive
expect_code 1
expect_out_line '/dev/no-such-drive: cannot be used'
expect_out_line '  problem  node       /dev/no-such-drive is not there'

binrip doctor sim:demo --transport usb
expect_error '--transport: expected one of auto, cdio, sg, got "usb"'

binrip --json doctor
expect_error 'expected a device, got "doctor"|unknown option --json'
expect_files
