# A machine without drives is no error. (With drives, the list is as long as it is.)
binrip drives
expect_code 0
expect_err ''
binrip drives --json
expect_code 0
expect_out_line '\[\]?'
expect_files
