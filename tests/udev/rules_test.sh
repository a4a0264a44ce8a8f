#!/bin/bash
# rules_test.sh FILE…: whether rules for udev are well formed: known keys with operators that they take, values in
# quotes, and a label for each GOTO. (`udevadm verify` is not in Debian 12.)
set -u
problems=0
problem() {
  echo "$1"
  problems=$((problems + 1))
}

match='(ACTION|SUBSYSTEM|KERNEL|ENV\{[A-Z_]+\}|SYMLINK|ATTRS?\{[a-z_/]+\}|TAG) *(==|!=)'
assign='(ENV\{[A-Z_]+\}|SYMLINK|TAG|GOTO|LABEL|IMPORT\{(builtin|program)\}) *(=|\+=)'
item="($match|$assign) *\"[^\"]*\""

for file in "$@"; do
  lines=0
  while IFS= read -r line; do
    [[ $line =~ ^(#.*)?$ ]] && continue
    lines=$((lines + 1))
    [[ $line =~ ^$item(,\ $item)*$ ]] || problem "$file: not a rule: $line"
  done <"$file"
  [ "$lines" -gt 0 ] || problem "$file: no rules"
  for label in $(grep -o 'GOTO="[^"]*"' "$file" | sort -u | cut -d'"' -f2); do
    grep -q "^LABEL=\"$label\"$" "$file" || problem "$file: no label $label"
  done
  # Below 60-persistent-storage.rules, ID_CDROM_MEDIA and the links are not known yet.
  [[ $(basename "$file") > 60-persistent-storage.rules ]] || problem "$file: runs before what it needs"
done
[ "$problems" = 0 ] && [ $# -gt 0 ]
