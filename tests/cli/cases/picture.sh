# A damaged disc is shown as a strip, in plain ASCII where there is no terminal, and with --picture as SVG.
binrip sim:demo out.cue --picture --progress none --sim-option fault-hard=1000+20
expect_code 3
expect_err_line '-+X-+'
expect_err_line '1 +2 .*'
expect_err_line '- good [0-9]+   X failed 20   a cell: [0-9]+ sectors'
! LC_ALL=C grep -q '[^ -~]' "$work/err" || problem 'expected plain ASCII'
expect_in_file out.log '^  -+X-+$'
expect_files out.bin out.cdt out.cue out.json out.log out.map out.map.svg out.sha256 out.sub
[ "$(stat -c %s out.map.svg)" -lt 300000 ] || problem 'expected a small picture'
python3 - out.map.svg <<'PY' || problem 'expected well-formed SVG with a path of failed sectors'
import sys, xml.etree.ElementTree as tree
svg = "{http://www.w3.org/2000/svg}"
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == svg + "svg"
paths = {path.get("id"): path.get("d") for path in root.iter(svg + "path")}
assert sorted(paths) == ["consistent", "failed", "proven"], paths.keys()
assert any("failed 20" in (text.text or "") for text in root.iter(svg + "text"))
PY

# A good one needs neither, and a picture from before goes with the image that it shows.
binrip sim:demo out.cue --force --progress none
expect_code 0
! grep -q 'a cell' "$work/err" || problem 'expected no strip of a good disc'
expect_files out.bin out.cdt out.cue out.json out.log out.sha256 out.sub

# A picture that is there already is in the way like every other file.
touch second.map.svg
binrip sim:demo second.cue
expect_error '.*second\.map\.svg is there already'
