#!/bin/bash
# package_test.sh CPACK CONFIG FOLDER: builds the Debian package and installs it in a clean Debian 12 root, which
# mmdebstrap fetches from where this machine's apt gets its packages. Exit code 77: it cannot run here.
set -u
cpack=$1 config=$2 folder=$3
here=$(dirname "$(readlink -f "$0")")

skip() {
  echo "SKIPPED: $*"
  exit 77
}
command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps (dpkg-dev), so no package can be built"
rm -rf "$folder"
mkdir -p "$folder"
"$cpack" --config "$config" -B "$folder/pack" >"$folder/cpack.log" 2>&1 || {
  cat "$folder/cpack.log"
  echo "FAILED: cpack"
  exit 1
}
packages=("$folder"/pack/*.deb)
echo "built: $(basename "${packages[0]}")"
# Nothing may lie elsewhere than where a package puts things.
if dpkg-deb -c "${packages[0]}" | awk '{ print $6 }' | grep -vE '^\./(usr|etc)(/|$)'; then
  echo "FAILED: these files lie at a strange place"
  exit 1
fi

command -v mmdebstrap >/dev/null || skip "no mmdebstrap, so there is no clean root to install it in"
[ "$(id -u)" = 0 ] || skip "a clean root can only be made by root"
grep -q 'VERSION_ID="12"' /etc/os-release || skip "built for another system than Debian 12"
unshare --mount true 2>/dev/null || skip "no mounts can be made here"

work=$(mktemp -d "${TMPDIR:-/tmp}/binrip-package.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
cp "$here"/{in_root.sh,completions.bash,zsh_types.py} "$work"
cp "${packages[0]}" "$work/binrip.deb"
timeout 600 mmdebstrap --quiet --mode=root --variant=minbase --format=null \
  --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='Acquire::Languages "none"' \
  --include=systemd,udev,mandoc,bash-completion,zsh,fish,python3-minimal \
  --customize-hook="mkdir -p \"\$1/root/package\" && cp \"$work\"/* \"\$1/root/package/\"" \
  --customize-hook='chroot "$1" bash /root/package/in_root.sh >&2 && touch "'"$work"'/passed"' \
  bookworm "$work/none" </dev/null >"$folder/root.log" 2>&1
code=$?
cat "$folder/root.log"
grep -q '^\(ok\|FAILED\): ' "$folder/root.log" || skip "no clean root could be made (code $code)"
[ -e "$work/passed" ]
