"""What the tool knows of the project and of a finished build of it: sources, commands, test programs."""

import json
import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List

LAYERS = ("base", "cd", "image", "drive", "sim", "rip", "net", "verify", "job", "batch", "cli")

OPTIONS_WITH_OUTPUT = ("-MF", "-MT", "-MQ", "-o")
FAST_LINKERS = ("lld", "gold")
LESS_OPTIMISED = "-O1"  # compiles a sixth faster than -O2; kernels, which -O3 makes times faster, stay as they are


class EnvironmentProblem(Exception):
    """The tool cannot work here: the build is missing, out of date or of the wrong kind, or its tests fail."""


@dataclass
class Layer:
    name: str
    program: Path  # its test program
    sources: List[str]  # relative to the source tree
    link: List[str] = field(repr=False)


class Project:
    def __init__(self, source: Path, build: Path):
        self.source = source.resolve()
        self.build = build.resolve()
        self._linker: List[str] = []
        commands = self.build / "compile_commands.json"
        if not commands.is_file():
            raise EnvironmentProblem(f"no finished build in {build}: expected compile_commands.json there")
        self._entries: Dict[Path, dict] = {}
        for entry in json.loads(commands.read_text()):
            self._entries[Path(entry["directory"], entry["file"]).resolve()] = entry

    def layer(self, name: str) -> Layer:
        program = self.build / "tests" / f"{name}_tests"
        if not program.is_file():
            raise EnvironmentProblem(f"{program} is missing: build {name}_tests first")
        commands = self._commands_of(f"tests/{name}_tests")
        link = self._link_command(commands[-1], f"tests/{name}_tests")
        words = {word for command in commands for word in command.split()}
        sources = []
        for path in sorted((self.source / "src" / name).glob("**/*.cpp")):
            entry = self._entries.get(path)
            relative = str(path.relative_to(self.source))
            if entry is None:
                raise EnvironmentProblem(f"{relative} has no compile command of its own in {self.build}: "
                                         "expected a build of this source tree without unity builds")
            output = _output_of(entry)
            if output not in words:
                continue  # not part of the test program, as main.cpp
            self._check_age(path, Path(entry["directory"], output), program)
            sources.append(relative)
        return Layer(name, program, sources, link)

    def read(self, path: str) -> str:
        # Bytes that are not UTF-8 survive; offsets are those of characters.
        return (self.source / path).read_text(encoding="utf-8", errors="surrogateescape")

    def compile(self, path: str, text: str, folder: Path) -> subprocess.CompletedProcess:
        """Compiles the text in place of the source at the path; writes into the folder only."""
        original = self.source / path
        entry = self._entries[original]
        mutated = folder / original.name
        mutated.write_text(text, encoding="utf-8", errors="surrogateescape")
        words = iter(_words_of(entry))
        command = []
        for word in words:
            if word in OPTIONS_WITH_OUTPUT:
                next(words, None)
            elif word not in ("-MD", "-MMD", "-c") and Path(entry["directory"], word).resolve() != original:
                command.append(word)
        command += ["-w", "-iquote", str(original.parent)]
        if "-O3" not in command:
            command.append(LESS_OPTIMISED)
        command += ["-o", str(folder / "mutant.o"), "-c", str(mutated)]
        return _quietly(command, entry["directory"])

    def link(self, layer: Layer, folder: Path) -> subprocess.CompletedProcess:
        """Links the layer's tests with folder/mutant.o, which comes first: the archive's member is not needed then."""
        words = iter(layer.link)
        command = []
        for word in words:
            if word == "-o":
                next(words)
                command += [str(folder / "mutant.o"), "-o", str(folder / "tests")]
            else:
                command.append(word)
        return _quietly(command + self._linker, self.build)

    def link_fast(self, layer: Layer, folder: Path) -> subprocess.CompletedProcess:
        """Links as link() does, and has it use the first of the fast linkers that succeeds from now on."""
        for linker in FAST_LINKERS:
            self._linker = [f"-fuse-ld={linker}"]
            linked = self.link(layer, folder)
            if linked.returncode == 0:
                return linked
        self._linker = []
        return self.link(layer, folder)

    def _commands_of(self, target: str) -> List[str]:
        run = _quietly(["ninja", "-t", "commands", target], self.build)
        if run.returncode != 0 or not run.stdout:
            raise EnvironmentProblem(f"ninja knows no {target} in {self.build}: {(run.stdout + run.stderr).strip()}")
        return run.stdout.splitlines()

    def _link_command(self, line: str, target: str) -> List[str]:
        for part in re.split(r" && ", line):
            words = shlex.split(part)
            if "-o" in words and words[words.index("-o") + 1] == target:
                return [word for word in words if not word.startswith("-Wl,--dependency-file")]
        raise EnvironmentProblem(f"no link command for {target} in {self.build}")

    def _check_age(self, source: Path, compiled: Path, program: Path) -> None:
        if not compiled.is_file() or compiled.stat().st_mtime < source.stat().st_mtime:
            raise EnvironmentProblem(f"the build is older than {source}: build {program.name} first")
        if program.stat().st_mtime < compiled.stat().st_mtime:
            raise EnvironmentProblem(f"{program} is older than its objects: build {program.name} first")


def _quietly(command: List[str], folder) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace")
    except FileNotFoundError:
        raise EnvironmentProblem(f"{command[0]} is not installed") from None


def _words_of(entry: dict) -> List[str]:
    return entry.get("arguments") or shlex.split(entry["command"])


def _output_of(entry: dict) -> str:
    words = _words_of(entry)
    return words[words.index("-o") + 1] if "-o" in words else ""
