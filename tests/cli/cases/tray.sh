# What is in the tray, in one word; and the tray itself.
binrip tray sim:demo
expect_code 0
expect_err ''
expect_out_line 'ready'
for pair in tray=open:open medium=none:empty medium=dvd:ready medium=blank:ready; do
  binrip tray sim:demo --sim-option "${pair%:*}" --json
  expect_code 0
  expect_out_line "\\{\"device\":\"sim:demo\",\"state\":\"${pair#*:}\",\"problem\":null\\}"
done
binrip tray sim:demo open
expect_code 0
expect_out_line 'open'
binrip tray sim:demo close --sim-option tray=open
expect_code 0
expect_out_line 'ready'
binrip tray sim:demo sideways
expect_error 'tray: expected one of open, close, got "sideways"'
binrip tray
expect_error 'expected DEVICE'
binrip tray /nonexistent/sr0
expect_error '.*/nonexistent/sr0.*'
expect_files
