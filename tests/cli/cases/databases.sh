# AccurateRip and CTDB on the loopback, their answers computed here from the image: what they say of it, what
# is found when a sample is changed, that --offline sends nothing, and that a rip needs no second read.
unset BINRIP_OFFLINE
export no_proxy='*'
binrip sim:zoo/audio-simple out.cue --quiet --sim-option c2=none
expect_code 0
grep -q '"databases": \[\]' out.json || problem 'expected a software drive to ask nobody'

mkdir "$work/www"
cat >"$work/answers.py" <<'PY'
import json, os, re, struct, sys, zlib
www = sys.argv[1]
audio = open('out.bin', 'rb').read()
samples = struct.unpack('<%dI' % (len(audio) // 4), audio)
starts = [(int(m) * 60 + int(s)) * 75 + int(f)
          for m, s, f in re.findall(r'INDEX 01 (\d\d):(\d\d):(\d\d)', open('out.cue').read())]
bounds = starts + [len(audio) // 2352]
tracks = len(starts)

ids = {v['name']: v['value'] for v in json.load(open('out.json'))['ids']}['accuraterip']
id1, id2, cddb = ids.split('-')
answer = struct.pack('<BIII', tracks, int(id1, 16), int(id2, 16), int(cddb, 16))
for t in range(tracks):
    place, last, v2 = 1, (bounds[t + 1] - bounds[t]) * 588, 0
    end = last - 2940 if t == tracks - 1 else last
    begin = 2940 if t == 0 else 1
    for i, s in enumerate(samples[bounds[t] * 588:bounds[t + 1] * 588], 1):
        if begin <= i <= end:
            v2 += (s * i & 0xffffffff) + (s * i >> 32)
    answer += struct.pack('<BII', 12, v2 & 0xffffffff, 0)
folder = '%s/ar/%s/%s/%s' % (www, id1[7], id1[6], id1[5])
os.makedirs(folder)
open('%s/dBAR-%03d-%s.bin' % (folder, tracks, ids), 'wb').write(answer)

stride = 5880 * 4
whole = audio[bounds[0] * 2352:]
end = len(whole) - stride - len(whole) % stride
def crc(begin, to):
    return '%08x' % zlib.crc32(whole[begin:to])
parts = []
for t in range(tracks):
    begin = stride if t == 0 else (bounds[t] - bounds[0]) * 2352
    to = end if t == tracks - 1 else (bounds[t + 1] - bounds[0]) * 2352
    parts.append(crc(begin, to))
open(www + '/lookup2.php', 'w').write(
    '<?xml version="1.0" encoding="utf-8"?><ctdb xmlns="http://db.cuetools.net/ns/mmd-1.0#">'
    '<entry id="1" crc32="%s" confidence="34" npar="8" stride="5880" trackcrcs="%s" toc="%s"/></ctdb>'
    % (crc(stride, end), ' '.join(parts), ':'.join(str(b) for b in bounds)))
PY
python3 "$work/answers.py" "$work/www"

python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/www" >"$work/server" 2>"$work/requests" &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
wait_for 'the server to listen' grep -qE 'port [0-9]+' "$work/server"
port=$(grep -oE 'port [0-9]+' "$work/server")
port=${port#port }
mkdir "$work/config/binrip"
printf 'accuraterip_url = "http://127.0.0.1:%s/ar/"\nctdb_url = "http://127.0.0.1:%s"\n' "$port" "$port" \
  >"$work/config/binrip/config.toml"
requests() { grep -c GET "$work/requests"; }

binrip verify out.cue --offline
expect_code 0
BINRIP_OFFLINE=1 binrip verify out.cue
expect_code 0
! grep -q Databases "$work/out" || problem 'expected nothing of databases'
[ "$(requests)" = 0 ] || problem 'expected that nobody is asked'

tracks=$(grep -c TRACK out.cue)
binrip verify out.cue
expect_code 0
expect_out_line "  AccurateRip: $tracks of $tracks tracks as in other rips"
expect_out_line "  CTDB: $tracks of $tracks tracks as in other rips"
expect_out_line '      1  as in 12 of 12 rips \(v2\)'
expect_out_line '      1  as in 34 of 34 rips \(crc32\)'
expect_in_file out.json '"name": "AccurateRip"'
[ "$(requests)" = 2 ] || problem 'expected two requests'

# The cache is asked from now on, also offline. Another sample in the last track is found.
cp out.bin right.bin
size=$(stat -c %s out.bin)
printf 'XXXX' | dd of=out.bin bs=1 seek=$((size - 2352 * 50)) conv=notrunc status=none
binrip verify out.cue --offline
expect_code 3
expect_out_line "  track $tracks: its audio is not as in anybody else's rip, unlike other tracks of the disc"
expect_out_line ' +'"$tracks"'  differs from all 12 rips'
binrip verify out.cue --repair new.cue
expect_code 3
expect_out_line 'Audio was not repaired: CTDB has no parity for this disc'
[ ! -e new.cue ] || problem 'expected no copy'
[ "$(requests)" = 2 ] || problem 'expected no more requests'

binrip sim:zoo/audio-simple known.cue --sim-option c2=none
expect_code 0
expect_out_line "  known +AccurateRip: $tracks of $tracks tracks as in other rips"
expect_same known.bin right.bin
python3 - <<'PY' || problem 'expected most of it proven, and read once'
import json
known, before = json.load(open('known.json')), json.load(open('out.json'))
assert known['reading']['sectors_read'] < 0.75 * before['reading']['sectors_read'], known['reading']
assert known['states']['proven'] > 0.9 * sum(known['states'].values()), known['states']
assert before['states']['proven'] == 0
PY

# Names only when they are asked for.
grep -q TITLE known.cue && problem 'expected no names'
id=$(grep -A1 '"name": "musicbrainz"' known.json | grep -oE '[A-Za-z0-9._]{27}-')
mkdir -p "$work/www/ws/2/discid"
cat >"$work/www/ws/2/discid/$id" <<JSON
{"releases": [{"id": "r", "title": "A Title", "media": [{"discs": [{"id": "$id"}], "tracks": []}]}]}
JSON
printf 'offline = true\nmusicbrainz_url = "http://127.0.0.1:%s"\n' "$port" >"$work/config/binrip/config.toml"
binrip sim:zoo/audio-simple offline.cue --lookup
expect_code 0
expect_err_line 'binrip: warning: no names from MusicBrainz: .*offline, and not in the cache'
sed -i 1d "$work/config/binrip/config.toml"
binrip sim:zoo/audio-simple named.cue --lookup
expect_code 0
expect_in_file named.cue '^TITLE "A Title"$'
