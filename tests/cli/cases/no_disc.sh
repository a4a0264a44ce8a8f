# What cannot be ripped is said in one line, and nothing is left behind.
binrip sim:demo out.cue --progress none --sim-option medium=none
expect_error '.*no disc.*'
binrip sim:demo out.cue --progress none --sim-option tray=open
expect_error '.*tray.*open.*'
binrip sim:demo out.cue --progress none --sim-option medium=blank
expect_error '.*blank.*'
binrip sim:demo out.cue --progress none --sim-option medium=dvd
expect_error '.*DVD.*'
binrip /nonexistent/sr0 out.cue --progress none
expect_error '.*/nonexistent/sr0.*'
binrip "$PWD" out.cue --progress none
expect_error '.*'
binrip sim:missing.cue out.cue --progress none
expect_error '.*missing\.cue.*'
binrip sim:zoo/unicorn out.cue --progress none
expect_error 'no generated disc of the name "unicorn"'
binrip sim:demo missing/out.cue --progress none
expect_error '.*missing.*'
for option in medium=none medium=dvd tray=open; do
  binrip info sim:demo --sim-option $option
  expect_error '.*'
done
expect_files
