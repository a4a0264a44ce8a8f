# shellcheck shell=bash
# movements_of STACK LOG: holds what a robot did against the stack that it had before it. Prints a line for each disc
# that was not loaded once and taken out once, and for each of which there is no word in the stack.
movements_of() {
  awk 'NR == FNR { if (NF == 2 && $1 !~ /^#/) expected[$1] = 1; next }
    $1 == "load" { loads[$4]++ }
    $1 == "unload" || $1 == "reject" { outs[$4]++ }
    END {
      for (name in expected) if (loads[name] != 1 || outs[name] != 1)
        print name, "loaded", loads[name] + 0, "times, taken out", outs[name] + 0, "times"
      for (name in loads) if (!(name in expected)) print name, "is not of the stack"
    }' "$1" "$2" | sort
}
