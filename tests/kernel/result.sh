#!/bin/bash
# What a job in the guest said, and its exit code. usage: result.sh FOLDER NAME (as given to guest.sh)
set -u
if [ -e "$1/skipped" ]; then
  cat "$1/skipped"
  exit 77
fi
if [ ! -e "$1/results/$2.code" ]; then
  echo "the guest has no result for this job; see $1/console.log"
  exit 1
fi
cat "$1/results/$2.log"
grep "^$2:" "$1/results/jobs.log"
exit "$(cat "$1/results/$2.code")"
