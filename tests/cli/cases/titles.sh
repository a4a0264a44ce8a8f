# --set gives titles to a disc without CD-TEXT; one for a track that is not there is not dropped in silence.
binrip sim:zoo/audio-simple out.cue --set title=Demo --set 3.performer=Nobody --set 4.title=Lost --progress none
expect_code 0
expect_in_file out.cue '^TITLE "Demo"$'
expect_in_file out.cue '^    PERFORMER "Nobody"$'
expect_err_line 'binrip: warning: the disc has no track for --set 4\.title=\.\.\.; it is left out'
