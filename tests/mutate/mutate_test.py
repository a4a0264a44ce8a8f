#!/usr/bin/env python3
"""Tests of the mutation testing tool: its parts, and the whole on a project of one source.

The environment variable CXX names the compiler for it.
"""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

import outcomes
from mutations import find_places
from outcomes import Outcome
from project import EnvironmentProblem
from testrun import confinement
from tokens import tokenize

SKIPPED = 77  # exit code for CTest
COMPILER = os.environ.get("CXX", "c++")


def texts(source):
    return [token.text for token in tokenize(source)]


def changes(source):
    """Returns the mutations of a source as "old -> new"."""
    return [outcomes.change_text(mutation.old, mutation.new)
            for place in find_places("a.cpp", source) for mutation in place]


def mutants(source):
    return [mutation.apply(source) for place in find_places("a.cpp", source) for mutation in place]


class Tokens(unittest.TestCase):
    def test_comments_and_preprocessor_lines_are_left_out(self):
        source = textwrap.dedent("""\
            #include <vector>
              #define A(x) x == 1 \\
                && x
            int a; // b == c \\
            still the comment
            /* d
            # e */ int f;
            """)
        self.assertEqual(texts(source), ["int", "a", ";", "int", "f", ";"])

    def test_literals_are_one_token(self):
        for literal in ('"a == \\" 1"', 'R"(a " == 1)"', 'R"x(a )" 1)x"', 'u8"1"', '"1"sv', "'\\''", "'='", "L'1'",
                        "1'000'000", "0x1Fu", "1.5e-3", "0b10", "10ms", "1e+5", ".5f"):
            self.assertEqual(texts(f"f({literal} + x);"), ["f", "(", literal, "+", "x", ")", ";"], literal)

    def test_a_raw_string_may_have_lines(self):
        self.assertEqual([token.kind for token in tokenize('x = R"(a\n# b\n"c" == 1\n)";')],
                         ["name", "operator", "string", "operator"])

    def test_operators_are_taken_as_long_as_they_are(self):
        self.assertEqual(texts("a <=> b <= c << d <<= e -> f -- >= ->* ..."),
                         ["a", "<=>", "b", "<=", "c", "<<", "d", "<<=", "e", "->", "f", "--", ">=", "->*", "..."])

    def test_tokens_know_where_they_are(self):
        source = "int a = 1;  // 2\nint b = 3;"
        for token in tokenize(source):
            self.assertEqual(source[token.start:token.end], token.text)


class Mutations(unittest.TestCase):
    def test_operators_change_into_their_neighbours(self):
        self.assertEqual(changes("x = a == b;"), ["== -> !="])
        self.assertEqual(changes("x = a < b;"), ["< -> <=", "< -> >="])
        self.assertEqual(changes("x = a >= b;"), [">= -> >", ">= -> <"])
        self.assertEqual(changes("x = a && b || c;"), ["&& -> ||", "|| -> &&"])
        self.assertEqual(changes("x = a + b - c * d / e;"), ["+ -> -", "- -> +", "* -> /", "/ -> *"])
        self.assertEqual(changes("x += a; x -= b;"), ["+= -> -=", "-= -> +="])
        self.assertEqual(changes("if (!x) f(true, false);"), ["! -> (nothing)", "true -> false", "false -> true"])
        self.assertEqual(changes("for (;;) break;"), ["break -> continue"])

    def test_integers_grow_by_one_in_their_notation(self):
        self.assertEqual(changes("f(9, 0x1FU, 0b11, 017, 99'999ull);"),
                         ["9 -> 10", "0x1FU -> 0x20U", "0b11 -> 0b100", "017 -> 020", "99'999ull -> 100000ull"])
        self.assertEqual(changes("f(1.5, 2.f, 1e3, 10ms, \"1\", '1', a1);"), [])

    def test_templates_signs_pointers_and_references_are_no_operators(self):
        for source in ("std::vector<int> a;", "map<int, set<int>> b;", "template <typename T> void f(T&& t);",
                       "auto&& c = d;", "return -e;", "int* f = &g;", "x = *h;", "i->j();", "++k; l--;",
                       "x = (a) -b;", "template <int N, typename = std::enable_if_t<(N > 2)>> struct S;"):
            self.assertEqual(changes(source), [], source)

    def test_declarations_of_operators_assertions_and_attributes_stay(self):
        for source in ("bool operator==(A a, B b);", "bool operator < (A a, B b);", "static_assert(sizeof(A) == 4);",
                       '[[deprecated("1")]] [[gnu::aligned(16)]] int a;', "#if A == 1\n#endif"):
            self.assertEqual(changes(source), [], source)
        self.assertEqual(changes("static_assert((1) == 1); x = 2;"), ["2 -> 3"])

    def test_a_computed_bool_is_negated(self):
        self.assertEqual(mutants("bool f() { return g(h); }"), ["bool f() { return !(g(h)); }"])
        self.assertEqual(mutants("bool A::f() const noexcept {\n  while (x) { return [] { return a; }(); }\n}"),
                         ["bool A::f() const noexcept {\n  while (x) { return !([] { return a; }()); }\n}"])
        self.assertEqual(mutants("void f() { auto a = [](int b) -> bool { return b; }; return; }"),
                         ["void f() { auto a = [](int b) -> bool { return !(b); }; return; }"])

    def test_other_returns_stay(self):
        for source in ("int f() { return g; }", "Result<bool> f() { return g; }", "bool f() { return {}; }",
                       "bool f() { auto a = [](int b) { return b; }; }", "bool f(); int g() { return h; }"):
            self.assertEqual(changes(source), [], source)

    def test_a_place_is_known_by_line_and_occurrence(self):
        places = find_places("a.cpp", "// first\n  x = a == b || c == d;\n")
        self.assertEqual([(place[0].line, place[0].column, place[0].text, place[0].occurrence, place[0].old)
                          for place in places],
                         [(2, 9, "x = a == b || c == d;", 1, "=="), (2, 14, "x = a == b || c == d;", 1, "||"),
                          (2, 19, "x = a == b || c == d;", 2, "==")])
        self.assertEqual(places[2][0].apply("// first\n  x = a == b || c == d;\n"),
                         "// first\n  x = a == b || c != d;\n")


class Outcomes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "file")

    def outcome(self, **changed):
        values = dict(layer="cd", path="src/cd/a.cpp", line=7, column=3, text="a | b == c", occurrence=1,
                      old="==", new="!=", outcome="survived")
        return Outcome(**{**values, **changed})

    def test_an_equivalent_covers_its_mutation_alone(self):
        self.file.write_text("# why\n\nsrc/cd/a.cpp | a | b == c | == -> != | c is 0\n"
                             "src/cd/a.cpp | !a && !b | ! -> (nothing) #2 | b is false\n")
        first, second = outcomes.read_equivalents(self.file)
        self.assertTrue(first.covers(self.outcome(occurrence=2)))
        self.assertFalse(first.covers(self.outcome(path="src/cd/b.cpp")))
        self.assertFalse(first.covers(self.outcome(text="a == c")))
        self.assertFalse(first.covers(self.outcome(new="<")))
        self.assertTrue(second.covers(self.outcome(text="!a && !b", old="!", new="", occurrence=2)))
        self.assertFalse(second.covers(self.outcome(text="!a && !b", old="!", new="", occurrence=1)))

    def test_a_bad_line_in_the_list_is_named(self):
        for bad in ("src/cd/a.cpp", "src/cd/a.cpp | a == b | == -> !=", "src/cd/a.cpp | a == b | == to != | why",
                    "src/cd/a.cpp | a == b | == -> != | "):
            self.file.write_text(f"# list\n{bad}\n")
            with self.assertRaisesRegex(EnvironmentProblem, r"file:2: expected PATH \| SOURCE LINE"):
                outcomes.read_equivalents(self.file)

    def test_equivalents_do_not_count(self):
        self.file.write_text("src/cd/a.cpp | a | b == c | == -> != | c is 0\n")
        score = outcomes.count([self.outcome(), self.outcome(outcome="noticed"), self.outcome(outcome="dropped"),
                                self.outcome(new="<")], outcomes.read_equivalents(self.file))["cd"]
        self.assertEqual((score.places, score.noticed, score.equivalent, score.dropped, len(score.survivors)),
                         (3, 1, 1, 1, 1))
        self.assertEqual(score.percent, 50)

    def test_each_layer_has_its_limit(self):
        noticed = outcomes.Score(noticed=90, survivors=[self.outcome()] * 10)
        self.assertTrue(outcomes.met({"cli": noticed, "sim": noticed}))
        self.assertFalse(outcomes.met({"cli": noticed, "cd": noticed}))

    def test_only_the_last_run_in_a_journal_counts(self):
        journal = outcomes.Journal(self.file)
        journal.begin({})
        journal.add(self.outcome(line=1))
        journal.begin({})
        journal.add(self.outcome(line=2))
        with open(self.file, "a", encoding="utf-8") as file:
            file.write('{"layer": "cd", "pa')  # killed while it wrote
        self.assertEqual(journal.last_run(), [self.outcome(line=2)])

    def test_a_place_is_found_again_where_its_line_moved(self):
        places = find_places("src/cd/a.cpp", "a | b == c\n\n\n\n\n\na | b == c\n")
        self.assertEqual(outcomes.find_again(self.outcome(line=5), places).line, 7)
        self.assertEqual(outcomes.find_again(self.outcome(line=2), places).line, 1)
        self.assertIsNone(outcomes.find_again(self.outcome(occurrence=2), places))


SOURCE = """\
#include "near.hpp"
int limited(int value) {
  if (value > kLimit) return kLimit;
  return value;
}
bool unwatched(int value) { return value == 3; }
int endless() {
  volatile bool more = true;
  while (more) more = false;
  return 0;
}
int chosen(int value) { switch (value) { case 1: case 2: return 0; } return value; }
"""
TESTS = """\
#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>
int limited(int value);
int endless();
TEST(Limited, KeepsSmallValues) { EXPECT_EQ(limited(5), 5); }
TEST(Limited, CutsLargeOnes) { EXPECT_EQ(limited(50), 10); }
TEST(Endless, Ends) { EXPECT_EQ(endless(), 0); }
TEST(Confined, WritesToItsOwnFolderOnly) {
  EXPECT_TRUE(std::ofstream(std::string(std::getenv("TMPDIR")) + "/file") << 1);
  EXPECT_FALSE(std::ofstream(PROJECT "/file") << 1);
}
TEST(SlowEveryLimited, IsNotRun) { FAIL(); }
"""
NINJA = """\
rule compile
  command = {compiler} $flags -o $out -c $in
rule archive
  command = rm -f $out && ar qc $out $in
rule link
  command = : && {compiler} $in -o $out $libraries && :
build src/cd/demo.o: compile {source}/src/cd/demo.cpp
build src/libdemo.a: archive src/cd/demo.o
build tests/demo_test.o: compile {source}/tests/demo_test.cpp
  flags = -DPROJECT='"{source}"'
build tests/cd_tests: link tests/demo_test.o | src/libdemo.a
  libraries = src/libdemo.a -lgtest_main -lgtest -lpthread
"""


class Whole(unittest.TestCase):
    """The tool on a project of one source, whose tests notice some mutants."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        try:
            confinement(Path(cls.folder.name))
        except EnvironmentProblem as problem:
            raise unittest.SkipTest(str(problem)) from None
        cls.root = Path(cls.folder.name).resolve()
        source, build = cls.root / "source", cls.root / "build"
        for folder in (source / "src" / "cd", source / "tests", build):
            folder.mkdir(parents=True)
        cls.source, cls.build = source, build
        (source / "src" / "cd" / "demo.cpp").write_text(SOURCE)
        (source / "src" / "cd" / "near.hpp").write_text("constexpr int kLimit = 10;\n")
        (source / "tests" / "demo_test.cpp").write_text(TESTS)
        (build / "build.ninja").write_text(NINJA.format(compiler=COMPILER, source=source))
        (build / "compile_commands.json").write_text(json.dumps([{
            "directory": str(build), "file": str(source / "src" / "cd" / "demo.cpp"),
            "command": f"{COMPILER} -Werror -Wall -o src/cd/demo.o -c {source}/src/cd/demo.cpp"}]))
        subprocess.run(["ninja", "tests/cd_tests"], cwd=build, check=True, stdout=subprocess.DEVNULL)

    def mutate(self, *arguments, **environment):
        return subprocess.run([str(HERE / "mutate"), "--source", str(self.source), "--build", str(self.build),
                               "--work", str(self.root / "work"), "--jobs", "2", *arguments], text=True,
                              capture_output=True, env={**os.environ, **environment})

    def last_outcomes(self):
        return outcomes.read_outcomes(self.root / "work" / "results.jsonl")

    def test_says_which_mutants_the_tests_notice(self):
        before = sorted(path for path in self.source.rglob("*"))
        run = self.mutate("--only", "src/cd/demo.cpp:3", "src/cd/demo.cpp:6")
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("src/cd/demo.cpp:3:13: > -> <=: noticed (failed: Limited.KeepsSmallValues)", run.stdout)
        self.assertIn("src/cd/demo.cpp:3:13: > -> >=: survived", run.stdout)
        self.assertIn("src/cd/demo.cpp:6:42: == -> !=: survived", run.stdout)
        self.assertIn("src/cd/demo.cpp:6:29: return -> return !: survived", run.stdout)
        self.assertEqual(sorted(path for path in self.source.rglob("*")), before)
        self.assertEqual((self.source / "src" / "cd" / "demo.cpp").read_text(), SOURCE)

    def test_an_endless_loop_is_noticed(self):
        run = self.mutate("--only", "src/cd/demo.cpp:9")
        self.assertIn("src/cd/demo.cpp:9:23: false -> true: noticed (timeout: Endless.Ends)", run.stdout)
        self.assertEqual(run.returncode, 0)

    def test_the_same_seed_draws_the_same_places(self):
        def places():
            return sorted(outcomes.place_of(outcome) for outcome in self.last_outcomes())
        self.mutate("cd", "--places", "2", "--seed", "5")
        first = places()
        self.assertEqual(len(first), 2)
        self.mutate("cd", "--sample", "2", BINRIP_ROTATION="5")
        self.assertEqual(places(), first)

    def test_survivors_are_run_again_and_equivalents_taken_off(self):
        survivors, equivalents = self.root / "survivors", self.root / "equivalents"
        self.mutate("--only", "src/cd/demo.cpp:3", "--survivors-out", str(survivors))
        self.assertEqual([outcome.new for outcome in outcomes.read_outcomes(survivors)], [">="])
        equivalents.write_text("src/cd/demo.cpp | if (value > kLimit) return kLimit; | > -> >= | kLimit either way\n")
        run = self.mutate("--again", str(survivors), "--equivalents", str(equivalents))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(len(self.last_outcomes()), 1)

    def test_what_is_known_is_not_run_again(self):
        arguments = ("--only", "src/cd/demo.cpp:6")
        self.mutate(*arguments)
        run = self.mutate(*arguments, "--resume")
        self.assertNotIn("unmutated", run.stdout)
        self.assertIn("src/cd/demo.cpp:6:42: == -> !=: survived", run.stdout)

    def test_a_mutant_that_does_not_compile_is_dropped(self):
        run = self.mutate("--only", "src/cd/demo.cpp:12")
        self.assertIn("src/cd/demo.cpp:12:47: 1 -> 2: dropped (compile: error: duplicate case value)", run.stdout)
        self.assertRegex(run.stdout, r"\ncd +2 +0 +2 +0 +1 ")

    def test_problems_of_the_environment_are_errors(self):
        for arguments, problem in (
                (("nothing",), "no layer nothing"), (("cli",), "cli_tests is missing: build cli_tests first"),
                (("cd", "--places", "0"), "invalid positive_number value"),
                (("--only", "src/cd/none.cpp:1"), "src/cd/none.cpp is not a source of the layer cd"),
                (("cd", "--build", str(self.root)), "expected compile_commands.json there")):
            run = self.mutate(*arguments)
            self.assertEqual(run.returncode, 2, run.stdout + run.stderr)
            self.assertIn(problem, run.stderr)

    def test_a_build_without_a_command_for_each_source_is_refused(self):
        other = self.source / "src" / "cd" / "other.cpp"
        other.write_text("")
        self.addCleanup(other.unlink)
        run = self.mutate("cd")
        self.assertEqual(run.returncode, 2)
        self.assertIn("src/cd/other.cpp has no compile command of its own", run.stderr)

    def test_an_old_build_is_refused(self):
        path = self.source / "src" / "cd" / "demo.cpp"
        status = path.stat()
        self.addCleanup(os.utime, path, (status.st_atime, status.st_mtime))
        os.utime(path, (status.st_atime, status.st_mtime + 1000))
        run = self.mutate("cd")
        self.assertEqual(run.returncode, 2)
        self.assertIn("the build is older than", run.stderr)


if __name__ == "__main__":
    tests = unittest.main(exit=False).result
    sys.exit(1 if not tests.wasSuccessful() else SKIPPED if tests.skipped else 0)
