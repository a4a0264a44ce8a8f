#!/usr/bin/env python3
"""Holds the parts that rotating tests take against all that they have.

usage: whole.py [NAME PERIOD COMMAND]...

COMMAND names the cases of a run, a line each, and BINRIP_ROTATION says which run (tests/support/rotation.hpp). Over
PERIOD runs in a row each case of BINRIP_ROTATION=all has to be in one of them, or in every one; and no other.
"{folder}" in a command is a new folder, the same one for all commands.
"""

import collections
import os
import shlex
import subprocess
import sys
import tempfile


def cases_of(command, rotation):
    """The cases that the command names for this rotation, with how often it names each."""
    environment = dict(os.environ, BINRIP_ROTATION=str(rotation))
    listed = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return collections.Counter(listed.stdout.splitlines())


def differences(command, period):
    """What is wrong with the parts, a line each."""
    whole = cases_of(command, "all")
    runs = [cases_of(command, number) for number in range(period)]
    if not whole:
        yield "there are no cases at all"
    for number, run in enumerate(runs):
        if not run:
            yield f"run {number} has no cases"
        for case, times in run.items():
            if case not in whole:
                yield f"run {number} has what the whole has not: {case}"
            if times > 1:
                yield f"run {number} has this {times} times: {case}"
    for case in whole:
        having = [number for number, run in enumerate(runs) if case in run]
        if not having:
            yield f"no run has: {case}"
        elif len(having) not in (1, period):
            yield f"the runs {having} have all of them: {case}"
    # The numbers of runs go on for ever.
    for number in (period, 7 * period + 1):
        if cases_of(command, number) != runs[number % period]:
            yield f"run {number} differs from run {number % period}"


def main(arguments):
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, period, command in zip(*[iter(arguments)] * 3, strict=True):
            words = [word.replace("{folder}", folder) for word in shlex.split(command)]
            wrong = list(differences(words, int(period)))
            print(f"{name}: {period} runs, {'all well' if not wrong else f'{len(wrong)} faults'}", flush=True)
            for line in wrong[:50]:
                print(f"  {line}")
            failed += bool(wrong)
    return 1 if failed or not arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
