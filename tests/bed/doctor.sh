#!/bin/bash
# What `binrip doctor` says of drives behind the kernel's nodes, and of rights to them.
. "$(dirname "$0")/lib.sh"

# doctor WHAT EXIT-CODE BED-OPTIONS… -- OPTIONS…
doctor() {
  local what=$1 expected=$2 options=()
  shift 2
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  bed ${options[@]+"${options[@]}"} -- "$BINRIP" doctor "$@" >doctor.out 2>doctor.err
  equal "$what: exit code" "$expected" $?
  equal "$what: stderr" "" "$(cat doctor.err)"
}
says() { has_line "$1" "$2" doctor.out; }

doctor "a good drive" 0 -- /dev/sr0
says "a good drive" '^  ok +node +/dev/sr0, rw-rw---- '
says "a good drive" '^  ok +sg +/dev/sg0, rw'
says "a good drive" '^  ok +limits +128 KiB a command, the adapter takes 128 KiB$'
says "a good drive" '^  ok +transport +libcdio on /dev/sr0: '
says "a good drive" '^  ok +drive +BINRIP SOFTWARE DRIVE'
says "a good drive" '^  ok +C2 .*\(probed\)$'
says "a good drive" '^  ok +reading +24 of 24 sectors in [0-9]+ ms, C2 clean in 24, Q right in 24$'

doctor "over SG_IO" 0 -- /dev/sr0 --transport sg
says "over SG_IO" '^  ok +transport +SG_IO on /dev/sr0: '
says "over SG_IO" '^  ok +reading +24 of 24'
doctor "by its sg node" 0 -- /dev/sg0
says "by its sg node" '^  ok +transport +SG_IO on /dev/sg0: '

doctor "rights of others" 1 --deny all -- /dev/sr0
says "rights of others" '^/dev/sr0: cannot be used$'
says "rights of others" '^  problem +opening +no permission to use /dev/sr0$'
says "rights of others" '^ +hint: join the group cdrom'
doctor "only to be read" 0 --deny write -- /dev/sr0
says "only to be read" '^  note +transport +/dev/sr0 can be opened for reading only'
says "only to be read" '^  ok +reading +24 of 24'

doctor "no disc" 0 --disc none -- /dev/sr0
says "no disc" '^  note +disc +no disc in /dev/sr0; .* not tried$'
doctor "a DVD" 0 --disc dvd -- /dev/sr0
says "a DVD" '^  note +disc .*DVD'
doctor "a missing node" 1 -- /dev/sr7
says "a missing node" '^  problem +node +/dev/sr7 is not there$'
doctor "a drive that goes away" 1 --vanish-after 8 -- /dev/sr0
says "a drive that goes away" '^  problem '

doctor "all drives" 0 --numbers 10,0 -- --json
equal "all drives" '"/dev/sr0" "/dev/sr10" ' "$(grep -o '"/dev/sr[0-9]*"' doctor.out | tr '\n' ' ')"
finish
