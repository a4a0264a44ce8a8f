"""Outcomes of mutants: how they are stored, read again, counted and shown."""

import json
import re
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple, Union

from mutations import Mutation
from project import EnvironmentProblem, Project

NOTICED, SURVIVED, DROPPED = "noticed", "survived", "dropped"

LIMITS = {"cd": 92, "rip": 92, "drive": 92, "verify": 92, "image": 92}  # percent
USUAL_LIMIT = 85

Place = Tuple[str, int, int, str, str, str]


@dataclass
class Outcome:
    """What became of a mutant. Of the place, all is kept by which it is found again when the file has changed."""
    layer: str
    path: str
    line: int
    column: int
    text: str
    occurrence: int
    old: str
    new: str
    outcome: str
    how: str = ""  # failed, crash, timeout; dropped: compile, link
    detail: str = ""  # the test that noticed it
    seconds: float = 0.0


def place_of(mutant: Union[Outcome, Mutation]) -> Place:
    """Returns what a mutant is known by as long as its source does not change."""
    return mutant.path, mutant.line, mutant.column, mutant.text, mutant.old, mutant.new


def find_again(outcome: Outcome, places: List[List[Mutation]]) -> Optional[Mutation]:
    """Returns the mutation that the outcome is of, among those of the file as it is now; the next one of several."""
    wanted = (outcome.text, outcome.occurrence, outcome.old, outcome.new)
    candidates = [mutation for place in places for mutation in place
                  if (mutation.text, mutation.occurrence, mutation.old, mutation.new) == wanted]
    return min(candidates, key=lambda mutation: abs(mutation.line - outcome.line), default=None)


def outcome_of(layer: str, mutation: Mutation, outcome: str, how: str, detail: str, seconds: float) -> Outcome:
    return Outcome(layer, mutation.path, mutation.line, mutation.column, mutation.text, mutation.occurrence,
                   mutation.old, mutation.new, outcome, how, detail, round(seconds, 1))


class Journal:
    """The JSON-lines file that outcomes are appended to. A line that begins a run separates it from those before."""

    def __init__(self, path: Path):
        self._path = path

    def begin(self, what: dict) -> None:
        self._append({"begins": what})

    def add(self, outcome: Outcome) -> None:
        self._append(asdict(outcome))

    def last_run(self) -> List[Outcome]:
        return read_outcomes(self._path) if self._path.exists() else []

    def _append(self, value: dict) -> None:
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(value) + "\n")


def read_outcomes(path: Path) -> List[Outcome]:
    """Reads the outcomes of the last run in a journal, or those in a file of survivors."""
    outcomes: List[Outcome] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            value = json.loads(line)
            if "begins" in value:
                outcomes = []
            else:
                outcomes.append(Outcome(**value))
        except (ValueError, TypeError):
            if number == len(lines):
                break  # cut off when the run was killed
            raise EnvironmentProblem(f"{path}:{number}: expected an outcome of a mutant") from None
    return outcomes


@dataclass
class Equivalent:
    """A mutation that no test can notice."""
    number: int  # of the line in the list
    path: str
    text: str
    old: str
    new: str
    occurrence: Optional[int]
    why: str

    def covers(self, outcome: Outcome) -> bool:
        return ((self.path, self.text, self.old, self.new) == (outcome.path, outcome.text, outcome.old, outcome.new)
                and self.occurrence in (None, outcome.occurrence))


CHANGE = re.compile(r"(\S+) -> (\(nothing\)|\S+|return !)(?: #(\d+))?")


def read_equivalents(path: Path) -> List[Equivalent]:
    """Reads lines `PATH | SOURCE LINE | OLD -> NEW [#OCCURRENCE] | REASON`; empty ones and `#` ones are skipped."""
    equivalents = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split(" | ")
        change = CHANGE.fullmatch(parts[-2].strip()) if len(parts) >= 4 else None
        if not change or not parts[-1].strip():
            raise EnvironmentProblem(
                f"{path}:{number}: expected PATH | SOURCE LINE | OLD -> NEW | REASON, got {line!r}")
        new = "" if change[2] == "(nothing)" else change[2]
        equivalents.append(Equivalent(number, parts[0].strip(), " | ".join(parts[1:-2]).strip(), change[1], new,
                                      int(change[3]) if change[3] else None, parts[-1].strip()))
    return equivalents


def warn_of_stale(equivalents: List[Equivalent], project: Project, path: Path) -> None:
    """Tells of entries whose source line is gone."""
    for entry in equivalents:
        lines = project.read(entry.path).split("\n") if (project.source / entry.path).is_file() else []
        if entry.text not in (line.strip() for line in lines):
            print(f"{path}:{entry.number}: warning: no such line in {entry.path}", file=sys.stderr)


@dataclass
class Score:
    noticed: int = 0
    equivalent: int = 0
    dropped: int = 0
    survivors: List[Outcome] = field(default_factory=list)

    @property
    def places(self) -> int:
        return self.noticed + len(self.survivors) + self.equivalent

    @property
    def percent(self) -> float:
        judged = self.noticed + len(self.survivors)
        return 100.0 * self.noticed / judged if judged else 100.0


def count(outcomes: Iterable[Outcome], equivalents: List[Equivalent]) -> Dict[str, Score]:
    scores: Dict[str, Score] = {}
    for outcome in outcomes:
        score = scores.setdefault(outcome.layer, Score())
        if outcome.outcome == NOTICED:
            score.noticed += 1
        elif outcome.outcome == DROPPED:
            score.dropped += 1
        elif any(equivalent.covers(outcome) for equivalent in equivalents):
            score.equivalent += 1
        else:
            score.survivors.append(outcome)
    return scores


def limit_of(layer: str) -> int:
    return LIMITS.get(layer, USUAL_LIMIT)


def met(scores: Dict[str, Score]) -> bool:
    return all(score.percent >= limit_of(layer) for layer, score in scores.items())


def change_text(old: str, new: str) -> str:
    return f"{old} -> {new or '(nothing)'}"


def write_survivors(scores: Dict[str, Score], path: Path) -> None:
    lines = [json.dumps(asdict(outcome)) + "\n" for score in scores.values() for outcome in score.survivors]
    path.write_text("".join(lines), encoding="utf-8")


def line_of(outcome: Outcome) -> str:
    how = f" ({outcome.how}: {outcome.detail})" if outcome.how else ""
    return (f"{outcome.path}:{outcome.line}:{outcome.column}: {change_text(outcome.old, outcome.new)}: "
            f"{outcome.outcome}{how}, {outcome.seconds:.1f} s")


def table(scores: Dict[str, Score]) -> str:
    rows = [f"{'layer':<8}{'places':>8}{'noticed':>9}{'survived':>10}{'equivalent':>12}{'dropped':>9}"
            f"{'score':>9}{'limit':>7}"]
    for layer, score in scores.items():
        below = "" if score.percent >= limit_of(layer) else "  below the limit"
        rows.append(f"{layer:<8}{score.places:>8}{score.noticed:>9}{len(score.survivors):>10}{score.equivalent:>12}"
                    f"{score.dropped:>9}{score.percent:>7.1f} %{limit_of(layer):>5} %{below}")
    return "\n".join(rows)


def summary(scores: Dict[str, Score]) -> str:
    text = "\n" + table(scores)
    survivors = [outcome for score in scores.values() for outcome in score.survivors]
    if survivors:
        text += "\n\nsurvivors:"
    for outcome in survivors:
        text += (f"\n{outcome.path}:{outcome.line}:{outcome.column}: {change_text(outcome.old, outcome.new)}"
                 f"\n    {outcome.text}")
    return text
