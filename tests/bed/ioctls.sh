#!/bin/bash
# What the kernel makes of a drive, ioctl by ioctl, is the same with a real kernel and with a mocked one.
here=$(dirname "$(readlink -f "$0")")
. "$here/lib.sh"

bed --disc zoo:mixed-mode --fault 1500:hard -- "$(dirname "$BINRIP_BED")/binrip-bed-ioctls" <"$here/ioctls.txt" >got 2>&1
equal "exit code" 0 $?
# The mocked kernel differs where it cannot be told otherwise, and nowhere else.
expected=$here/ioctls.expected
if [ "${BINRIP_BED_KIND:-mocked}" = mocked ]; then
  sed -f "$here/ioctls.mocked.sed" "$here/ioctls.expected" >expected
  expected=expected
fi
checks=$((checks + 1))
diff "$expected" got >difference || fail "ioctls: not as expected" difference
finish
