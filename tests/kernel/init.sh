#!/bin/busybox sh
# The first process of the guest: makes the machine, does the jobs, writes what came of them to the second
# disk, and switches off.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp BINRIP_OFFLINE=1
mount -t proc proc /proc
mount -t sysfs sys /sys
[ -e /dev/null ] || mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
while read -r module; do insmod "/bed/$module" || echo "guest: no module $module"; done </bed/modules
echo /bin/true >/proc/sys/kernel/modprobe # the target modules ask for others of their kind: none is needed
[ -d /sys/kernel/config/target ] || mount -t configfs configfs /sys/kernel/config
ip link set lo up

export BINRIP_BED=/bin/binrip-kernel-bed BINRIP_BED_KIND=kernel BINRIP=/bin/binrip
export BINRIP_COMPARE_IMAGES=/bin/binrip-compare-images
export BINRIP_ROTATION=$(cat /bed/rotation)
export BINRIP_BED_TRUTHS=/tmp/truths # written once for all jobs
mkdir "$BINRIP_BED_TRUTHS"
# job NAME COMMAND…
job() {
  local name=$1
  shift
  local begin=$(cut -d. -f1 /proc/uptime)
  timeout -s KILL 450 "$@" >"/results/$name.log" 2>&1 </dev/null
  local code=$?
  echo "$name: exit code $code, $(($(cut -d. -f1 /proc/uptime) - begin)) s" | tee -a /results/jobs.log
  echo "$code" >"/results/$name.code"
}
do_jobs() {
  while IFS== read -r name command; do
    case $name in
      wait) wait ;;
      *"&") (export BINRIP_BED_SPARE_FIRST=1 && job "${name%&}" $command) & ;;
      *) job "$name" $command ;;
    esac
  done </bed/jobs
  wait
  touch /results/complete
}

echo "guest: ready after $(cut -d' ' -f1 /proc/uptime) s" | tee /results/jobs.log
# A process that waits for a drive inside the kernel cannot be killed; the results are brought back all the same.
do_jobs &
while [ ! -e /results/complete ] && [ "$(cut -d. -f1 /proc/uptime)" -lt "$(cat /bed/seconds)" ]; do sleep 1; done
if [ ! -e /results/complete ]; then
  for process in /proc/[0-9]*; do
    command=$(tr '\0' ' ' <"$process/cmdline" | cut -c 1-120)
    [ -n "$command" ] || continue # a kernel thread
    echo "$process: $command"
    cat "$process"/task/*/stack
  done >/results/stuck.log 2>/dev/null
fi
dmesg >/results/dmesg.log
tar -c -f /dev/vda -C /results .
sync
poweroff -f
