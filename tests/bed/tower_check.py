#!/usr/bin/env python3
"""Holds what a tower has made of its discs against what the discs are, without any help of binrip's own.

tower_check.py FOLDER             FOLDER has stack, movements, truths/SPEC.bin and archive/
tower_check.py --events ARCHIVE   lines KIND<tab>DRIVE<tab>TEXT of the catalogue
"""

import collections
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

UNREADABLE = {"upside-down": "upside down", "dvd": "is a DVD-ROM", "blank": "blank"}
ENDS = ("published", "second copy", "mended", "skipped", "failed")
problems = []


def expect(true, text):
    if not true:
        problems.append(text)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def catalogue(archive):
    database = sqlite3.connect(f"file:{archive}/catalog.db?mode=ro", uri=True, timeout=10)
    database.row_factory = sqlite3.Row
    return database


def events_of(archive):
    return catalogue(archive).execute("SELECT * FROM events ORDER BY id").fetchall()


def own_spec(spec):
    """What stands on the disc, without what happens to it."""
    return spec.split("@")[0]


def is_damaged(spec):
    return "@fault-" in spec


def read_stack(path):
    lines = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: spec for name, spec in lines}


def check_files(archive, database):
    """The catalogue and the files say the same. Gives (exit code, BIN, map) of each image."""
    images = []
    known = set()
    for disc in database.execute("SELECT * FROM discs"):
        folder = (archive / disc["sheet"]).parent
        expect((archive / disc["sheet"]).is_file(), f"{disc['sheet']}: in the catalogue, but not there")
        known.add(disc["sheet"])
        for file in database.execute("SELECT * FROM files WHERE disc = ?", (disc["id"],)):
            path = folder / file["name"]
            expect(path.is_file() and path.stat().st_size == file["size"] and sha256(path) == file["sha256"],
                   f"{path}: not as the catalogue has it")
        (binary,) = folder.glob("*.bin")
        expect(sha256(binary) == disc["sha256"], f"{binary}: the whole image is not as the catalogue has it")
        images.append((disc["exit_code"], binary, binary.with_suffix(".map")))
    there = {str(path.relative_to(archive)) for path in archive.rglob("*.cue")
             if path.relative_to(archive).parts[0] not in (".binrip", "failed")}
    expect(there == known, f"not in the catalogue, or not there: {sorted(there ^ known)}")
    return images


def check_images(images, stack, truths):
    intact = {own_spec(spec) for spec in stack.values() if not is_damaged(spec)} - set(UNREADABLE)
    damaged = collections.Counter(own_spec(spec) for spec in stack.values() if is_damaged(spec))
    by_digest = {sha256(truths / f"{spec}.bin"): spec for spec in intact | set(damaged)}
    found = collections.Counter(by_digest.get(sha256(binary), str(binary)) for code, binary, _ in images if code != 3)
    for spec in sorted(intact | set(found)):
        known = spec in intact or spec in damaged
        expect(found[spec] == (1 if known else 0), f"{spec}: {found[spec]} times in the archive")
    hurt = [(binary, sectors) for code, binary, sectors in images if code == 3]
    expect(len(hurt) >= 2, f"{len(hurt)} images with damage")
    for binary, sectors in hurt:
        check_damaged(binary, sectors, damaged, truths)
    # What could be read in spite of the damage is one more copy.
    damaged = collections.Counter({spec: count for spec, count in damaged.items() if not found[spec]})
    expect(not +damaged, f"damaged discs that are not in the archive: {dict(+damaged)}")


def check_damaged(binary, sectors, damaged, truths):
    for spec in +damaged:
        compared = subprocess.run([os.environ["BINRIP_COMPARE_IMAGES"], truths / f"{spec}.bin", binary, sectors],
                                  capture_output=True, text=True, check=False)
        counts = dict(re.findall(r"(\w+) (\d+)", compared.stdout))
        if compared.returncode == 0 and 0 < int(counts["wrong"]) + int(counts["lost"]) <= 30:
            damaged[spec] -= 1
            return
    expect(False, f"{binary}: no damaged disc is like it")


def check_ends(archive, stack, movements, images):
    """Each disc has come to one end, and lies on the pile that goes with it."""
    ends = collections.Counter(event["kind"] for event in events_of(archive) if event["kind"] in ENDS)
    bad = collections.Counter(spec for spec in stack.values() if spec in UNREADABLE)
    expect(ends["failed"] == bad.total(), f"{ends['failed']} failed, of {bad.total()} that no drive can read")
    expect(ends["published"] + ends["second copy"] == images, f"{images} in the archive: {ends}")
    expect(ends.total() == len(stack), f"{len(stack)} discs, {ends.total()} ends: {ends}")
    reasons = [json.loads(path.read_text())["verdict"] for path in archive.glob("failed/*/reason.json")]
    expect(len(reasons) == bad.total(), f"{len(reasons)} reasons: {reasons}")
    for spec, count in bad.items():
        told = sum(UNREADABLE[spec] in reason for reason in reasons)
        expect(told == count, f"{spec}: {told} reasons, not {count}: {reasons}")
    rejected = {words[3] for words in movements if words[0] == "reject"}
    expect(rejected == {name for name, spec in stack.items() if spec in UNREADABLE},
           f"rejected: {sorted((name, stack[name]) for name in rejected)}")


def main():
    if sys.argv[1] == "--events":
        for event in events_of(sys.argv[2]):
            print(event["kind"], event["drive"], event["text"], sep="\t")
        return 0
    folder = pathlib.Path(sys.argv[1])
    archive = folder / "archive"
    stack = read_stack(folder / "stack")
    movements = [line.split() for line in (folder / "movements").read_text().splitlines()]
    images = check_files(archive, catalogue(archive))
    check_images(images, stack, folder / "truths")
    check_ends(archive, stack, movements, len(images))
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
