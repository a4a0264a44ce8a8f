#!/bin/bash
# In a clean Debian root, where the package lies beside this script: whether it can be installed, and what it brings.
set -u
cd "$(dirname "$0")" || exit 1
failures=0
fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}
check() { # WHAT COMMAND…
  local what=$1
  shift
  if "$@" >out.txt 2>&1; then
    echo "ok: $what"
  else
    fail "$what: $*"
    sed 's/^/  /' out.txt
  fi
}

export DEBIAN_FRONTEND=noninteractive
check "it installs, with all that it needs" apt-get install -y -q --no-install-recommends ./binrip.deb

check "binrip --help" bash -c 'binrip --help | grep -q "^Usage: binrip"'
check "a rip" binrip sim:demo demo.cue --quiet --offline
check "all libraries are there" bash -c '! ldd /usr/bin/binrip | grep "not found"'

pages=(/usr/share/man/man*/binrip*)
[ ${#pages[@]} -ge 3 ] || fail "fewer manual pages than there are: ${pages[*]}"
for page in "${pages[@]}"; do
  check "$page" mandoc -Tlint -Wwarning "$page"
  check "$page has a name" bash -c 'mandoc -Tutf8 "$1" | grep -q "binrip\|config.toml"' bash "$page"
done

check "bash completes" bash completions.bash /usr/share/bash-completion/completions/binrip /usr/bin/binrip
check "zsh takes the completions" zsh -fc 'fpath+=(/usr/share/zsh/vendor-completions); autoload -Uz compinit; compinit -u; [[ $_comps[binrip] = _binrip ]] && autoload +X _binrip'
check "fish completes options" bash -c 'fish -c "complete -C \"binrip info --js\"" | grep -q "^--json.JSON for programs"'
check "fish completes commands" bash -c 'fish -c "complete -C \"binrip mer\"" | grep -q "^merge"'
# zsh completes only where somebody types.
check "zsh completes" python3 zsh_types.py

for unit in binrip-batch.service binrip@sr0.service; do
  # Of what it does not know it only warns.
  check "$unit is well formed" bash -c '! systemd-analyze verify --man=no "$1" 2>&1 | grep .' bash "$unit"
  # Exposure: 0 is none, 10 all. Nobody is to make it worse unseen.
  check "$unit is closed" systemd-analyze security --offline=true --threshold=20 --no-pager "/usr/lib/systemd/system/${unit/sr0/}"
  grep "Overall" out.txt
done
check "one sandbox for both" cmp <(sed -n '/^# --- what it may touch/,/^SystemCallErrorNumber/p' /usr/lib/systemd/system/binrip-batch.service) \
  <(sed -n '/^# --- what it may touch/,/^SystemCallErrorNumber/p' /usr/lib/systemd/system/binrip@.service)
check "nothing is enabled" bash -c '! ls /etc/systemd/system/*/binrip* 2>/dev/null'
check "the user" bash -c 'id binrip | grep -q cdrom'
check "the settings are the administrator's" bash -c 'dpkg-query -W -f "\${Conffiles}" binrip | grep -q " /etc/default/binrip "'
check "udev's rules" test -f /usr/lib/udev/rules.d/65-binrip.rules

# The helper of binrip@.service, with drives of software.
export BINRIP_ARCHIVE=$PWD/archive BINRIP_OPTIONS="--quiet --offline"
check "rip-disc" /usr/libexec/binrip/rip-disc sim:demo
check "rip-disc puts the image into the archive" bash -c 'ls archive/*/disc.cue && [ "$(ls archive | wc -l)" = 1 ]'
check "rip-disc rips no disc twice" bash -c '/usr/libexec/binrip/rip-disc sim:demo | grep -q "there already"'
check "a data disc" /usr/libexec/binrip/rip-disc sim:zoo/data-mode1
check "rip-disc takes no two data discs for the same" bash -c '/usr/libexec/binrip/rip-disc sim:zoo/data-mode1 && [ "$(ls archive/*/disc.cue | wc -l)" = 3 ]'

echo changed >>/etc/default/binrip
check "it is removed" apt-get remove -y -q binrip
check "the administrator's file stays" grep -q changed /etc/default/binrip
check "nothing else stays" bash -c '! dpkg -L binrip | grep -v "^/etc" | while read -r f; do [ ! -f "$f" ] || echo "$f"; done | grep .'
check "it is purged" apt-get purge -y -q binrip
check "the file is gone then" test ! -e /etc/default/binrip
echo "failures: $failures"
[ "$failures" = 0 ]
