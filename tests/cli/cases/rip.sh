# A good disc: exit 0, all files, a summary; a second rip does not overwrite.
binrip sim:demo out.cue
expect_code 0
expect_out_line '  disc    [0-9]+ tracks in [0-9]+ sessions, [0-9 ]+ sectors, .*'
expect_out_line '  speed   [0-9.]+x on average, .*'
expect_out_line '  files   .*, out\.cue'
expect_err_line 'binrip: 100%  .*'
expect_err_line 'binrip: warning: the read offset of this drive is not known; .*'
expect_no_err_line 'binrip: error: .*'
expect_files out.bin out.cdt out.cue out.json out.log out.sha256 out.sub
expect_in_file out.cue '^FILE "out\.bin" BINARY'
expect_in_file out.cue '^REM SESSION 02'
expect_in_file out.json '"exit_code": 0'
expect_in_file out.json '"device": "sim:demo"'
sectors=$(($(stat -c %s out.bin) / 2352))
expect_size out.bin $((sectors * 2352))
expect_size out.sub $((sectors * 96))

cp out.bin first.bin
binrip sim:demo out.cue
expect_error '.*out\.(cue|bin).*'
expect_same out.bin first.bin

binrip rip sim:demo out.cue --force --quiet
expect_code 0
expect_out ''
expect_err ''
expect_same out.bin first.bin
