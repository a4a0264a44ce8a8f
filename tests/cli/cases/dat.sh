# An image is found in a DAT whatever its layout, and its own DAT can be written.
cat >head.xml <<'XML'
<?xml version="1.0"?>
<!DOCTYPE datafile PUBLIC "-//Logiqx//DTD ROM Management Datafile//EN" "http://www.logiqx.com/Dats/datafile.dtd">
<datafile>
<header><name>Audio CD</name><version>2024-05-01</version></header>
<game name="Another (Europe)"><rom name="a.bin" size="2352" crc="00000000"/></game>
XML
# The tracks of the split image, as this shell sees them.
binrip sim:demo split.cue --split --quiet
rom() {
  printf '<rom name="%s" size="%s" crc="%s" md5="%s" sha1="%s"/>\n' "$(echo "$1" | sed 's/&/\&amp;/')" \
    "$(stat -c %s "$1")" "$(gzip -1c "$1" | tail -c8 | head -c4 | od -An -tx4 | tr -d ' ')" \
    "$(md5sum <"$1" | cut -c-32)" "$(sha1sum <"$1" | cut -c-40)"
}
{
  cat head.xml
  echo '<game name="Demo &amp; more (Europe)">'
  for file in split.cue split\ *.bin; do rom "$file"; done
  echo '</game></datafile>'
} >discs.dat

binrip verify split.cue --dat discs.dat
expect_code 0
expect_out_line 'DAT         Audio CD 2024-05-01: 2 discs'
expect_out_line '  this is Demo & more \(Europe\), its CUE sheet too'
binrip sim:demo single.cue --quiet
binrip verify single.cue --dat discs.dat --dat-out own.dat
expect_code 0
expect_out_line '  this is Demo & more \(Europe\), but its CUE sheet is another'
zip -q discs.zip discs.dat
binrip verify single.cue --dat discs.zip --json
expect_code 0
expect_out_line '        "name": "Demo & more \(Europe\)",'
expect_out_line '        "whole": true,'

# Its own DAT: well-formed, and found again.
python3 - own.dat <<'PY' || problem 'expected a well-formed DAT with all tracks'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == "datafile" and root.find("header/name").text == "single"
roms = root.findall("game/rom")
assert [rom.get("name") for rom in roms] == [f"single (Track {n}).bin" for n in range(1, 8)], roms
assert all(len(rom.get("sha1")) == 40 for rom in roms)
PY
binrip verify split.cue --dat own.dat
expect_out_line '  this is single'
binrip verify split.cue --dat-out own.dat
expect_error 'own\.dat is there already'

# A disc of which only some tracks are the same.
sed -i 's/ (Track 2).bin" size="[0-9]*/&1/; s/ (Track 5).bin" size="[0-9]*/&1/' discs.dat
binrip verify single.cue --dat discs.dat
expect_code 0
expect_out_line '  tracks 1, 3, 4, 6, 7 of 7 match Demo & more \(Europe\)'
(cat head.xml && echo '</datafile>') >none.dat
binrip verify single.cue --dat none.dat
expect_code 0
expect_out_line '  none of them has a track of this image'

# What is no DAT.
cp head.xml cut.dat
binrip verify single.cue --dat cut.dat
expect_error 'cut\.dat:6: expected well-formed XML, got no element found'
printf '<!DOCTYPE datafile [<!ENTITY a "b">]>\n<datafile/>\n' >laugh.dat
binrip verify single.cue --dat laugh.dat
expect_error 'laugh\.dat:1: expected a DAT without entities of its own, got "a"'
binrip verify single.cue --dat missing.dat
expect_error 'cannot open missing\.dat: No such file or directory'
binrip verify single.cue --dat .
expect_error '\.: expected a regular file'
