#!/bin/bash
# A station of several drives: every disc comes into the archive, or aside with its reason; killed in the middle, it
# goes on.
. "$(dirname "$0")/lib.sh"

# The truth: each disc by itself.
for disc in demo zoo:cd-extra zoo:audio-simple; do
  bed --disc $disc -- "$BINRIP" /dev/sr0 "${disc#zoo:}.cue" --progress none >rip.out 2>&1 || fail "rip $disc" rip.out
done

sheets() { find archive -name '*.cue' -not -path '*/.binrip/*'; }
numbers=0,1,2,10 discs=demo,zoo:cd-extra,zoo:audio-simple,dvd
awaited_logs=(station.out)
give_up() { kill -KILL "$(cat station.pid)"; }
station() { # ARCHIVE: begins in the background, as the bed's command
  rm -f station.pid
  : >station.out
  bed --numbers "$numbers" --disc "$discs" -- \
    sh -c 'echo $$ >station.pid; exec "$@"' - "$BINRIP" batch --into "$1" --drives all \
    --listen 127.0.0.1:0 --notify ./notify >station.out 2>&1 &
  awaited=$!
}

printf '#!/bin/sh\necho "$1 $BINRIP_END $BINRIP_FOLDER" >>notices\n' >notify
chmod +x notify

# Killed as soon as a rip is on its way.
station archive
wait_for "a rip begins" has_lines 1 find archive/.binrip/work -name '*.partial'
kill -KILL "$(cat station.pid)"
wait
station archive
wait_for "three sheets" has_lines 3 sheets
wait_for "one failure" has_lines 1 find archive/failed -name reason.json
wait_for "all is cleared away" sh -c '[ -z "$(ls archive/.binrip/work)" ]'
wait_for "four notices" has_lines 4 cat notices
url=$(sed -n 's/^The station is shown at //p' station.out)
curl -sf "${url}api/v1/station" >station.json || fail "the page does not answer" station.out
curl -sf "${url}metrics" >metrics || fail "no metrics" station.out
kill -TERM "$(cat station.pid)"
wait $!
equal "stopped: exit code" 143 $?

equal "in the archive" 3 "$(sheets | wc -l)"
while read -r sheet; do
  check "verify $sheet" "$BINRIP" verify "$sheet" --offline
  bin=${sheet%.cue}.bin
  cmp -s "$bin" demo.bin || cmp -s "$bin" cd-extra.bin || cmp -s "$bin" audio-simple.bin || fail "$bin is no disc's"
done < <(sheets)
equal "no disc twice" 3 "$(find archive -name '*.bin' -not -path '*/.binrip/*' -exec sha256sum {} + | cut -c1-64 | sort -u | wc -l)"
has_line "the DVD's reason" 'is a DVD-ROM, not a CD' archive/failed/*/reason.json
has_line "told" 'sr0: published: Björk & the Ñandús: Café "München": all ' station.out
has_line "told of the failure" 'sr10: failed: a disc that was not identified: the disc in /dev/sr10 is a DVD-ROM' station.out

equal "published, as a program reads it" 3 "$(python3 -c 'import json; print(json.load(open("station.json"))["ends"]["published"])')"
has_line "metrics" '^binrip_discs_total{end="failed"} 1' metrics
equal "discs that are out" 4 "$(grep -c '^disc_out ' notices)"
equal "lines of the manifest" 5 "$(wc -l <archive/manifest.csv)"

# Another station in the same archive, and one that makes no sense.
station archive
wait_for "the station works" grep -q '^The station is shown at ' station.out # it has the archive by then
bed -- "$BINRIP" batch --into archive >second.out 2>&1
equal "a second station: exit code" 1 $?
has_line "a second station" 'binrip: error: another station works in archive' second.out
kill -TERM "$(cat station.pid)"
wait

# Two discs with one table of contents: an image in work, as a kill leaves it, is not taken for the other disc's.
rm -rf archive
bed --disc zoo:data-mode1 -- "$BINRIP" info /dev/sr0 --json >first.json
bed --disc zoo:data-xa -- "$BINRIP" info /dev/sr0 --json >second.json
toc() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["ids"]["toc"][:32])' "$1"; }
equal "the tables of contents" "$(toc first.json)" "$(toc second.json)"
in_work=archive/.binrip/work/$(toc first.json)
mkdir -p "$in_work/image"
printf First >"$in_work/target"
bed --disc zoo:data-mode1 -- "$BINRIP" /dev/sr0 "$in_work/image/First.cue" --quiet >rip.out 2>&1 || fail "rip the first" rip.out
for disc in zoo:data-xa zoo:data-mode1; do
  before=$(sheets 2>/dev/null | wc -l)
  discs=$disc
  numbers=$before # a drive knows what lay in it last, by the table of contents
  station archive
  wait_for "$disc is published" has_lines $((before + 1)) sheets
  truth "$disc"
  wait_for "its lists are written" has_lines $((before + 2)) cat archive/manifest.csv
  kill -TERM "$(cat station.pid)"
  wait
  equal "$disc lies in the archive" 1 "$(find archive -name '*.bin' -not -path '*/.binrip/*' \
    -exec cmp -s truth/out.bin {} \; -print | wc -l)"
  if [ $disc = zoo:data-xa ]; then [ -e "$in_work/image/First.cue" ] || fail "the first disc's image is gone" station.out; fi
done
check "the first disc, under its name" cmp truth/out.bin archive/First/First.bin
equal "nothing is left in work" "" "$(ls archive/.binrip/work)"
equal "nothing failed" "" "$(ls archive/failed 2>/dev/null)"
finish
