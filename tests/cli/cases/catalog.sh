# The catalogue of an archive: made from reports, looked at, exported, and held against the images.
mkdir -p 'archive/Björk/one' archive/two archive/three archive/failed/x
binrip sim:demo 'archive/Björk/one/out.cue' --quiet
binrip sim:zoo/audio-simple archive/two/two.cue --quiet --split
cp -r archive/two archive/three/copy
binrip sim:zoo/data-mode1 archive/failed/x/out.cue --quiet

# Who reads makes nothing.
for action in list 'show' 'search' 'export --csv' verify; do
  set -- $action
  command=$1; shift
  case $command in show) set -- 1;; search) set -- x;; esac
  binrip catalog $command archive "$@"
  expect_error 'there is no catalogue archive/catalog\.db'
  expect_err_line 'hint: `binrip catalog rebuild archive` makes one from the reports'
done
[ ! -e archive/catalog.db ] || problem 'expected no catalogue'

binrip catalog rebuild archive
expect_code 0
expect_out '3 discs from their reports'
expect_err ''
[ "$(ls archive | grep -c catalog)" = 1 ] || problem 'expected no other files of the database'

binrip catalog list archive
expect_code 0
expect_out_line ' +1 +good +7 +[0-9]{4}-[0-9]{2}-[0-9]{2} +never +Björk & the Ñandús - Café "München"'
expect_out_line ' +2 +good +3 .* three/copy/two\.cue'
expect_out_line '3 discs'
binrip catalog list archive/ --json
expect_code 0
expect_out_line '      "sheet": "Björk/one/out\.cue",'

binrip catalog show archive 1
expect_code 0
expect_out_line 'Title +Café "München"'
expect_out_line ' +1 +AUDIO +1900 +DEA619600031 .* Björk - Prélude'
expect_out_line " +27 958 224  $(sha256sum <'archive/Björk/one/out.bin' | cut -c1-64)  out\.bin"
expect_out_line '  [0-9TZ:-]+  BINRIP SOFTWARE DRIVE 1\.0 serial=SIM00001'
binrip catalog show archive 2
expect_out_line '  disc 3: all of it, two/two\.cue'
binrip catalog show archive 77
expect_error 'there is no disc 77 in the catalogue'

found() { binrip catalog search archive "$@"; expect_code 0; [ "$(tail -n 1 "$work/out")" = "$wanted" ] || problem "expected $wanted"; }
wanted='1 disc'
found münchen
found café björk
found DEA619600031
found 4006381333931
found "$(sha256sum <'archive/Björk/one/out.sub' | cut -c1-64)"
wanted='2 discs' found "$(sha1sum <'archive/two/two (Track 2).bin' | cut -c1-40)"
wanted='no discs' found "' OR 1=1 --"

# In other programs' forms.
binrip catalog export archive --csv
expect_code 0
[ "$(grep -c $'\r$' "$work/out")" = 4 ] || problem 'expected four lines with CR LF'
grep -qF '1,Björk/one/out.cue,"Café ""München""",Björk & the Ñandús,' "$work/out" || problem 'expected quotes doubled'
binrip catalog export archive --json
expect_out_line '      "performer": "Björk & the Ñandús",'
binrip catalog export archive --dat
expect_code 0
cp "$work/out" archive.dat
binrip verify archive/two/two.cue --dat archive.dat
expect_code 0
expect_out_line '  this is two'
binrip catalog export archive
expect_error 'expected one of --csv, --json, --dat'

# A share at a time, those first that nobody has seen for longest.
cp -r archive whole
binrip catalog verify archive --discs 1
expect_code 0
expect_out_line 'disc    [1-3]  right  .*'
expect_out_line '1 of 3 discs checked: everything is as recorded'
binrip catalog verify archive --share 50 --json
expect_code 0
[ "$(grep -c '"problems": \[\]' "$work/out")" = 2 ] || problem 'expected two discs'
binrip catalog list archive
! grep -q never "$work/out" || problem 'expected all to be checked'
expect_in_file archive/two/two.json '"verdict": "everything is as recorded"'

# What differs is found, and stays found.
printf 'XX' | dd of=archive/two/'two (Track 2).bin' bs=1 seek=5000 conv=notrunc status=none
rm archive/three/copy/two.cue
binrip catalog verify archive
expect_code 3
expect_out_line 'disc    2  wrong  .*'
expect_out_line '  cannot open archive/three/copy/two\.cue: .*'
expect_out_line 'disc    3  wrong  .*'
expect_out_line '  track 2: not as recorded: .*'
expect_out_line '  track 2: not as the catalogue has it'
expect_out_line '3 of 3 discs checked: 2 wrong'
binrip catalog list archive
expect_out_line ' +3 +good .* wrong +two/two\.cue'

# An image, its report and its seals, all of another disc: only the catalogue can tell.
binrip sim:zoo/audio-indexes other.cue --quiet
rm -r archive/two/*
binrip sim:zoo/audio-indexes archive/two/two.cue --quiet
binrip verify archive/two/two.cue
expect_code 0
binrip catalog verify archive
expect_code 3
expect_out_line '  whole image: not as the catalogue has it'
binrip catalog rebuild archive
expect_code 3
expect_err_line 'binrip: warning: archive/three/copy/two\.cue: the image of this report is not there'
rm -r archive/three
binrip catalog rebuild archive
expect_code 0
expect_out '2 discs from their reports, 1 removed that are not there any more'
binrip catalog verify archive
expect_code 0

# A damaged report is listed; a catalogue that is lost comes back but for its numbers.
rm -r archive && mv whole archive
binrip catalog rebuild archive # one report tells of a verification by hand
binrip catalog export archive --csv
cut -d, -f2- "$work/out" | sort >before
rm archive/catalog.db
binrip catalog rebuild archive
binrip catalog export archive --csv
cut -d, -f2- "$work/out" | sort >after
expect_same before after
echo '{' >archive/two/two.json
binrip catalog rebuild archive
expect_code 3
expect_err_line 'binrip: warning: archive/two/two\.json:[0-9]+: expected JSON, .*'
binrip catalog list archive
expect_out_line '3 discs'

# Not a catalogue.
printf 'no database' >archive/catalog.db
binrip catalog list archive
expect_error '.*catalog\.db: expected a catalogue, got some other file'
binrip catalog list nowhere
expect_error 'expected the folder of an archive, got nowhere'
binrip catalog
expect_error 'catalog: expected one of list, show, search, export, verify, rebuild'
binrip catalog lisst archive
expect_error 'catalog: expected one of .*, got "lisst"'
binrip catalog verify archive --share 101
expect_error '--share: expected a percentage from 1 to 100, got "101"'
binrip catalog --help
expect_code 0
expect_out_line 'Usage: binrip catalog list ARCHIVE .*'
binrip catalog verify --help
expect_out_line ' +--share PERCENT .*'
