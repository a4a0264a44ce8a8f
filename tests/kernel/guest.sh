#!/bin/bash
# Runs jobs on a machine with a real Linux kernel, virtual and made of Debian's packages, and brings back what
# they said: FOLDER/results/NAME.log and NAME.code for each, dmesg.log, and FOLDER/console.log.
# SECONDS after the guest's start what has come by then is brought back.
# usage: guest.sh FOLDER SECONDS JOB…, where a JOB is
#   NAME=COMMAND…    runs alone, but for jobs in the background
#   NAME&=COMMAND…   runs in the background, beside the jobs after it; its drives leave /dev/sr0 to those
#   wait             waits for the jobs in the background
# BINRIP_KERNEL_PROGRAMS are those of ours to take along, with colons between; packages are kept in
# BINRIP_KERNEL_CACHE. Jobs see this run's BINRIP_ROTATION.
set -euo pipefail
: "${BINRIP_KERNEL_PROGRAMS:?}" "${BINRIP_KERNEL_CACHE:?}"
readonly skipped=77
tests=$(dirname "$(dirname "$(readlink -f "$0")")")
folder=$1
limit=$2
shift 2

# Programs of others, for those jobs that want them.
tools=(bash awk diff cmp flock cd-info cd-read cd-drive cd-paranoia cdparanoia cdrdao isoinfo)
modules=(configfs target_core_user tcm_loop sr_mod sg isofs virtio_pci virtio_blk)
later_modules=(virtio_scsi) # by the job that wants QEMU's own drive

die() {
  echo "guest: error: $*" >&2
  exit 1
}

need() {
  local program
  for program in "$@"; do
    PATH=$PATH:/sbin:/usr/sbin command -v "$program" >/dev/null && continue
    echo "skipped: no $program on this machine (./setup test installs what is needed)" | tee "$folder/skipped"
    exit $skipped
  done
}

# package NAME FOLDER: Debian's package, unpacked there; fetched unless it has been. Where apt's lists are old they
# name a version that is not there any more.
package() {
  local name=$1 unpacked=$2
  [ ! -e "$unpacked/.complete" ] || return 0
  rm -rf "$unpacked"
  mkdir -p "$unpacked/deb"
  { download "$name" "$unpacked" || { update && download "$name" "$unpacked"; }; } >"$unpacked/apt.log" 2>&1 || {
    cat "$unpacked/apt.log" >&2
    die "cannot fetch the package $name"
  }
  dpkg-deb -x "$unpacked"/deb/*.deb "$unpacked"
  touch "$unpacked/.complete"
}
download() { (cd "$2/deb" && apt-get -q -o APT::Sandbox::User=root download "$1"); }
update() { if [ "$(id -u)" -eq 0 ]; then apt-get -q update; else sudo -n apt-get -q update; fi; }

apt_kernel() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: //p' | head -1; }
# The newest cloud kernel that is in the cache already, or else that apt knows.
fetch_packages() {
  mkdir -p "$BINRIP_KERNEL_CACHE"
  exec 9>"$BINRIP_KERNEL_CACHE/lock" # build folders may share a cache
  flock 9
  local kernel
  kernel=$(find "$BINRIP_KERNEL_CACHE" -maxdepth 1 -name 'linux-image-*-cloud-amd64' -printf '%f\n' | sort -V | tail -1)
  [ -n "$kernel" ] || kernel=$(apt_kernel)
  [ -n "$kernel" ] || { update >&2 && kernel=$(apt_kernel); } || true
  [ -n "$kernel" ] || die "apt knows no linux-image-cloud-amd64"
  kernel_root=$BINRIP_KERNEL_CACHE/$kernel
  busybox_root=$BINRIP_KERNEL_CACHE/busybox-static
  udev_root=$BINRIP_KERNEL_CACHE/udev
  package "$kernel" "$kernel_root"
  package busybox-static "$busybox_root"
  package udev "$udev_root"
  release=$(basename "$kernel_root"/lib/modules/*)
  [ -e "$kernel_root/lib/modules/$release/modules.dep" ] || /sbin/depmod -b "$kernel_root" "$release"
  exec 9>&-
}

# program FILE [NAME]: into the guest's /usr/bin, stripped, with the libraries that it loads.
program() {
  local file=$1 name=${2:-$(basename "$1")} library
  strip -o "$root/usr/bin/$name" "$file" 2>/dev/null || cp -L "$file" "$root/usr/bin/$name"
  if ldd "$file" 2>/dev/null | grep 'not found' >&2; then die "a library is missing for $file"; fi
  ldd "$file" 2>/dev/null | grep -o '/[^ ]* (0x' | cut -d' ' -f1 | while read -r library; do
    [ -e "$root/$library" ] || install -D "$(readlink -f "$library")" "$root/$library"
  done
}

# udevd with the distribution's rules and ours; jobs start it that want it.
add_udev() {
  local helper
  program "$udev_root/bin/udevadm"
  mkdir -p "$root"/usr/lib/{systemd,udev/rules.d} "$root/etc/udev/rules.d"
  ln -s ../../bin/udevadm "$root/usr/lib/systemd/systemd-udevd"
  for helper in cdrom_id scsi_id ata_id; do
    program "$udev_root/lib/udev/$helper"
    ln -s "../../bin/$helper" "$root/usr/lib/udev/$helper"
  done
  cp "$udev_root"/lib/udev/rules.d/* "$(dirname "$tests")"/udev/*.rules "$root/usr/lib/udev/rules.d/"
}

make_root() {
  root=$folder/root
  rm -rf "$root"
  mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,etc,proc,sys,dev,tmp,run,results,bed}
  for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
  cp "$busybox_root/bin/busybox" "$root/usr/bin/"
  /sbin/modprobe -d "$kernel_root" -S "$release" --show-depends -a "${modules[@]}" | awk '$1 == "insmod" { print $2 }' |
    awk '!seen[$0]++' >"$folder/modules"
  local module
  : >"$root/bed/modules"
  while read -r module; do
    install -D -m 644 "$module" "$root/bed/$(basename "$module")"
    basename "$module" >>"$root/bed/modules"
  done <"$folder/modules"
  for module in "${later_modules[@]}"; do
    cp "$(/sbin/modinfo -b "$kernel_root" -k "$release" -n "$module")" "$root/bed/"
  done
  local tool
  for tool in "${tools[@]}"; do
    ! command -v "$tool" >/dev/null || program "$(command -v "$tool")"
  done
  for tool in ${BINRIP_KERNEL_PROGRAMS//:/ }; do program "$tool"; done
  add_udev
  # CD-TEXT is converted by these.
  mkdir -p "$root/usr/lib/locale"
  cp -rL /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"
  for name in gconv-modules gconv-modules.cache gconv-modules.d ISO8859-1.so SJIS.so CP932.so EUC-JP.so libJIS.so; do
    [ ! -e "/usr/lib/x86_64-linux-gnu/gconv/$name" ] ||
      { mkdir -p "$root/usr/lib/x86_64-linux-gnu/gconv" && cp -rL "/usr/lib/x86_64-linux-gnu/gconv/$name" "$root/usr/lib/x86_64-linux-gnu/gconv/"; }
  done
  mkdir -p "$root/bed/tests"
  cp -r "$tests/bed" "$tests/kernel" "$tests/support" "$root/bed/tests/"
  printf 'root:x:0:0:root:/:/bin/bash\nuser:x:1000:1000:user:/tmp:/bin/bash\n' >"$root/etc/passwd"
  printf 'root:x:0:\ncdrom:x:24:\nuser:x:1000:\n' >"$root/etc/group"
  printf '%s\n' "$@" >"$root/bed/jobs"
  echo "$limit" >"$root/bed/seconds"
  echo "${BINRIP_ROTATION-0}" >"$root/bed/rotation"
  install -m 755 "$tests/kernel/init.sh" "$root/init"
}

run_guest() {
  (cd "$root" && find . | cpio -o -H newc -R +0:+0 --quiet) >"$folder/initramfs"
  rm -rf "$root" "$folder/results.img"
  truncate -s 64M "$folder/results.img"
  local code=0
  # The plainest CPU: QEMU emulates AVX2 at the cost of a fifth more time for everything.
  timeout --foreground $((limit + 120)) qemu-system-x86_64 -machine q35 -accel tcg,thread=multi \
    -cpu qemu64 -m 768 -smp 2 -nic none -nodefaults -display none -no-reboot -serial "file:$folder/console.log" \
    -drive "file=$folder/results.img,format=raw,if=virtio,cache=unsafe" \
    -device virtio-scsi-pci -device scsi-cd \
    -kernel "$kernel_root/boot/vmlinuz-$release" -initrd "$folder/initramfs" \
    -append "console=ttyS0 quiet panic=-1" </dev/null || code=$?
  mkdir -p "$folder/results"
  tar -x -f "$folder/results.img" -C "$folder/results" 2>/dev/null || true
  if [ ! -e "$folder/results/complete" ]; then
    tail -n 40 "$folder/console.log" >&2 || true
    [ ! -s "$folder/results/jobs.log" ] || die "not all jobs were done within $limit s; see $folder/results/stuck.log"
    die "the guest ended before its jobs (QEMU's exit code: $code)"
  fi
}

mkdir -p "$folder"
rm -rf "$folder/skipped" "$folder/results"
need qemu-system-x86_64 cpio depmod dpkg-deb apt-get
fetch_packages
make_root "$@"
run_guest
