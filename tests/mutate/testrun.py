"""Runs a GoogleTest program that may crash, loop for ever, kill the wrong process or write to the wrong file.

It runs in a process namespace of its own, which ends with it, and in which the root file system is read-only except
for its own folder.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from project import EnvironmentProblem

PATIENCE = 10  # a test may take this many times its usual time ...
GRACE = 10.0  # ... and this many seconds
MEMORY_KIB = 4 * 1024 * 1024
FILE_BLOCKS = 4 * 1024 * 1024  # of 512 bytes: what a program may write to one file
OUTPUT_TAIL = 1 << 20  # what is read of the output of a program that floods it
NAMESPACES = ["setpriv", "--pdeathsig", "KILL",  # an endless loop does not outlive the tool
              "unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
AS_USER = ["--user", "--map-current-user"]  # for others than root
# Process 1 of the namespace. It does not become the test program: signals to process 1 are ignored.
CONFINE = """
mount --bind "$0" "$0" && mount -o remount,bind,ro / && cd "$0" || exit 1
ulimit -c 0 -v {memory} -f {blocks} || exit 1
"$@"
exit $?
""".format(memory=MEMORY_KIB, blocks=FILE_BLOCKS)
OUTSIDE = "(outside of tests)"
SIGNALLED = 128  # what a shell adds to the number of the signal

RESULT_LINE = re.compile(rb"^\[ +(RUN|FAILED) +\] ([^\s,]+)", re.MULTILINE)
BEGIN_LINE = re.compile(rb"^\[==========\] Running ", re.MULTILINE)
COUNT_LINE = re.compile(rb"^\[==========\] (\d+) tests? from .* ran\.", re.MULTILINE)

# As tests/CMakeLists.txt leaves them out.
WITHOUT_EXHAUSTIVE = "--gtest_filter=-SlowEvery*:SlowVerify*"


@dataclass
class Usual:
    """The unmutated tests: seconds by test in the order of the program, and the file that each is in."""
    seconds: Dict[str, float] = field(default_factory=dict)
    files: Dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    outcome: str  # passed, failed, crash, timeout
    detail: str = ""  # the test, and how it ended
    output: Path = Path()


class Stop(Exception):
    """The user wants to end."""


def confinement(folder: Path) -> List[str]:
    """Returns the command that, followed by a folder and a program, confines the program to the folder."""
    for namespaces in (NAMESPACES, NAMESPACES + AS_USER):
        command = namespaces + ["bash", "-c", CONFINE]
        if subprocess.run(command + [str(folder), "true"], capture_output=True).returncode == 0:
            return command
    raise EnvironmentProblem("unshare(1) cannot make namespaces here; without them, mutants could harm the system")


class TestRunner:
    def __init__(self, confine: List[str], stop: threading.Event):
        self._confine = confine
        self._stop = stop

    def run_all(self, program: Path, folder: Path) -> Tuple[Run, Usual]:
        """Runs the tests of an unmutated program."""
        report = folder / "home" / "usual.json"
        run = self._start(program, folder, [WITHOUT_EXHAUSTIVE, f"--gtest_output=json:{report}"], None, None)
        usual = Usual()
        if run.outcome == "passed":
            for suite in json.loads(report.read_text(errors="replace"))["testsuites"]:
                for test in suite["testsuite"]:
                    if test["status"] == "RUN" and test["result"] == "COMPLETED":
                        name = f"{suite['name']}.{test['name']}"
                        usual.seconds[name] = float(test["time"].rstrip("s"))
                        usual.files[name] = test.get("file", "")
            if not usual.seconds:
                run = Run("failed", "there are no tests in it", run.output)
        shutil.rmtree(folder / "home", ignore_errors=True)
        return run, usual

    def run_some(self, program: Path, folder: Path, tests: List[str], usual: Usual) -> Run:
        """Runs these tests up to the first that fails. It has to fail twice: the machine may have been too busy."""
        while True:
            run = self._run(program, folder, tests, usual)
            if run.detail not in tests or run.outcome != "failed":
                return run
            if self._run(program, folder, [run.detail], usual).outcome != "passed":
                return run
            tests = [test for test in tests if test != run.detail]
            if not tests:
                return Run("passed")

    def _run(self, program: Path, folder: Path, tests: List[str], usual: Usual) -> Run:
        flags = folder / "flags"
        flags.write_text("--gtest_filter=" + ":".join(tests) + "\n")
        run = self._start(program, folder, ["--gtest_fail_fast", f"--gtest_flagfile={flags}"], tests, usual)
        shutil.rmtree(folder / "home", ignore_errors=True)
        return run

    def _start(self, program: Path, folder: Path, arguments: List[str], tests: Optional[List[str]],
               usual: Optional[Usual]) -> Run:
        home = folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        (home / "tmp").mkdir(parents=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GTEST_"))}
        environment.update(HOME=str(home), TMPDIR=str(home / "tmp"))
        output = folder / "output"
        with open(output, "wb") as sink:
            process = subprocess.Popen([*self._confine, str(home), str(program), "--gtest_color=no", *arguments],
                                       env=environment, stdin=subprocess.DEVNULL, stdout=sink,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        watch = _Watch(output, tests, usual)
        timed_out = False
        try:
            while not timed_out:
                try:
                    process.wait(timeout=0.05)
                    break
                except subprocess.TimeoutExpired:
                    timed_out = watch.is_late()
                    if self._stop.is_set():
                        raise Stop() from None
        finally:
            process.kill()  # and with it the namespace
            process.wait()
        watch.read()
        if timed_out:
            return Run("timeout", watch.test or OUTSIDE, output)
        return _judge(process.returncode, watch, tests, output)


def _judge(code: int, watch: "_Watch", tests: Optional[List[str]], output: Path) -> Run:
    test = watch.test or OUTSIDE
    if 0 < code <= SIGNALLED and not watch.begun:  # it is not known that the mutant is to blame
        raise EnvironmentProblem(f"the tests did not begin: exit code {code}; their output is in {output}")
    if code > SIGNALLED:
        return Run("crash", f"{test}: {signal.Signals(code - SIGNALLED).name}", output)
    if code != 0:
        return Run("failed", watch.failed or f"{test}: exit code {code}", output)
    if watch.count is None:
        return Run("failed", f"{test}: ended early with exit code 0", output)
    if tests is not None and watch.count != len(tests):
        return Run("failed", f"{watch.count} of {len(tests)} tests ran", output)
    return Run("passed", "", output)


class _Watch:
    """Follows what the test program writes."""

    def __init__(self, output: Path, tests: Optional[List[str]], usual: Optional[Usual]):
        self.begun = False  # whether the program got to its tests
        self.test = ""  # the last that began
        self.failed = ""  # the first that failed
        self.count: Optional[int] = None  # how many ran, once the program says so
        self._output = output
        self._usual = usual
        self._position = 0
        self._start = self._test_start = time.monotonic()
        total = sum(usual.seconds[test] for test in tests or ()) if usual else 0.0
        self._limit = PATIENCE * total + GRACE

    def read(self) -> None:
        with open(self._output, "rb") as source:
            self._position = max(self._position, os.fstat(source.fileno()).st_size - OUTPUT_TAIL)
            source.seek(self._position)
            fresh = source.read()
        complete = fresh[:fresh.rfind(b"\n") + 1]
        self._position += len(complete)
        self.begun = self.begun or bool(BEGIN_LINE.search(complete))
        for kind, name in RESULT_LINE.findall(complete):
            if kind == b"RUN":
                self.test, self._test_start = name.decode(errors="replace"), time.monotonic()
            elif not self.failed:
                self.failed = name.decode(errors="replace")
        for count in COUNT_LINE.findall(complete):
            self.count = int(count)

    def is_late(self) -> bool:
        if not self._usual:
            return False
        self.read()
        now = time.monotonic()
        own_limit = PATIENCE * self._usual.seconds.get(self.test, 0.0) + GRACE
        return now - self._start > self._limit or now - self._test_start > own_limit
