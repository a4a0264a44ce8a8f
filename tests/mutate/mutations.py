"""Finds the places in a C++ source file that can be mutated, and applies mutations."""

import bisect
import re
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Set, Tuple

from tokens import Token, tokenize

Edit = Tuple[int, int, str]  # start and end in the source, and the new text between them

# Operators that mean only one thing wherever they stand.
OPERATORS = {
    "==": ["!="], "!=": ["=="], "<=": ["<", ">"], ">=": [">", "<"], "||": ["&&"], "+=": ["-="], "-=": ["+="],
}
# These can also be brackets of templates, signs, pointers or references. The source is formatted by clang-format,
# which puts spaces on both sides of binary operators only.
BINARY_OPERATORS = {
    "<": ["<=", ">="], ">": [">=", "<="], "&&": ["||"], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"],
}
WORDS = {"true": ["false"], "false": ["true"], "break": ["continue"], "continue": ["break"]}

INTEGER = re.compile(r"(0[xX][\da-fA-F']+|0[bB][01']+|\d[\d']*)([uUlLzZ]*)")
BOOL_FUNCTION = re.compile(r"(?:\[\[ \w+ \]\] |static |inline |constexpr |virtual )*bool [\w:~ ]+ \(")
NOT_A_VALUE = {"return", "case", "co_return", "co_yield", "throw", "else", "operator"}


@dataclass(frozen=True)
class Mutation:
    """One change of one token."""
    path: str  # of the source, relative to the source tree
    line: int
    column: int
    text: str  # the source line, stripped
    occurrence: int  # among the places of this line with the same old text, from 1
    old: str
    new: str
    edits: Tuple[Edit, ...]

    def apply(self, source: str) -> str:
        for start, end, text in sorted(self.edits, reverse=True):
            source = source[:start] + text + source[end:]
        return source


def find_places(path: str, source: str) -> List[List[Mutation]]:
    """Returns the mutations of the source by place, in the order of the source."""
    tokens = tokenize(source)
    skipped = _skipped(tokens)
    bool_returns = set(_bool_returns(tokens))
    line_starts = [0] + [match.end() for match in re.finditer("\n", source)]
    lines = source.split("\n")
    seen: Dict[Tuple[int, str], int] = {}
    places = []
    for index, token in enumerate(tokens):
        if index in skipped:
            continue
        options = list(_options(tokens, index, index in bool_returns))
        if not options:
            continue
        line = bisect.bisect_right(line_starts, token.start)
        seen[line, token.text] = seen.get((line, token.text), 0) + 1
        places.append([
            Mutation(path, line, token.start - line_starts[line - 1] + 1, lines[line - 1].strip(),
                     seen[line, token.text], token.text, new, tuple(edits))
            for new, edits in options])
    return places


def _options(tokens: List[Token], index: int, is_bool_return: bool) -> Iterator[Tuple[str, List[Edit]]]:
    """Yields what the token can become: a name for it, and the edits."""
    token = tokens[index]
    replacements: List[str] = []
    if token.kind == "number":
        replacements = _incremented(token.text)
    elif token.kind == "name":
        replacements = WORDS.get(token.text, [])
        if token.text == "return" and is_bool_return:
            end = _expression_end(tokens, index + 1)
            yield "return !", [(tokens[index + 1].start,) * 2 + ("!(",), (tokens[end].start,) * 2 + (")",)]
    elif token.kind == "operator" and not (index and tokens[index - 1].text == "operator"):
        if token.text in OPERATORS:
            replacements = OPERATORS[token.text]
        elif token.text in BINARY_OPERATORS and _is_binary(tokens, index):
            replacements = BINARY_OPERATORS[token.text]
        elif token.text == "!":
            replacements = [""]
    for new in replacements:
        yield new, [(token.start, token.end, new)]


def _incremented(literal: str) -> List[str]:
    """Returns an integer literal plus one in its own notation; nothing for floating point and user's literals."""
    match = INTEGER.fullmatch(literal)
    if not match:
        return []
    digits, suffix = match.groups()
    plain = digits.replace("'", "")
    if plain[:2] in ("0x", "0X"):
        return [f"0x{int(plain, 16) + 1:X}{suffix}"]
    if plain[:2] in ("0b", "0B"):
        return [f"0b{int(plain, 2) + 1:b}{suffix}"]
    if len(plain) > 1 and plain[0] == "0":
        return [f"0{int(plain, 8) + 1:o}{suffix}"] if not set(plain) & set("89") else []
    return [f"{int(plain) + 1}{suffix}"]


def _is_binary(tokens: List[Token], index: int) -> bool:
    if not 0 < index < len(tokens) - 1:
        return False
    before, token, after = tokens[index - 1:index + 2]
    is_value = before.kind != "operator" and before.text not in NOT_A_VALUE or before.text in (")", "]", "}", ">")
    return is_value and before.end < token.start and token.end < after.start


def _skipped(tokens: List[Token]) -> Set[int]:
    """Returns the indices of tokens in static assertions, attributes and the parameters of templates."""
    skipped: Set[int] = set()
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.text == "static_assert":
            skipped.update(range(index, _matching(tokens, index + 1, "(", ")") + 1))
        elif token.text == "template" and following and following.text == "<":
            skipped.update(range(index, _matching(tokens, index + 1, "<", ">") + 1))
        elif token.text == "[" and following and following.text == "[" and following.start == token.end:
            skipped.update(range(index, _matching(tokens, index, "[", "]") + 1))
    return skipped


def _matching(tokens: List[Token], index: int, opening: str, closing: str) -> int:
    """Returns the index of the bracket that closes the one at the index."""
    depth = 0
    for position in range(index, len(tokens)):
        if tokens[position].text == opening:
            depth += 1
        elif tokens[position].text in (closing, closing * 2):
            depth -= len(tokens[position].text)
            if depth <= 0:
                return position
    return len(tokens) - 1


def _expression_end(tokens: List[Token], index: int) -> int:
    """Returns the index of the semicolon that ends the expression at the index."""
    depth = 0
    for position in range(index, len(tokens)):
        text = tokens[position].text
        if text in ("(", "[", "{"):
            depth += 1
        elif text in (")", "]", "}"):
            depth -= 1
        elif text == ";" and depth == 0:
            return position
    return len(tokens) - 1


def _bool_returns(tokens: List[Token]) -> Iterator[int]:
    """Yields the indices of the `return` of computed values in functions that are declared to return bool."""
    returns_bool: List[bool] = []  # for each open brace
    header_start = 0
    for index, token in enumerate(tokens):
        if token.text == "{":
            header = tokens[header_start:index]
            inside = bool(returns_bool and returns_bool[-1])
            returns_bool.append(_header_returns_bool(header, inside))
            header_start = index + 1
        elif token.text == "}":
            if returns_bool:
                returns_bool.pop()
            header_start = index + 1
        elif token.text == ";":
            header_start = index + 1
        elif token.text == "return" and returns_bool and returns_bool[-1]:
            value = tokens[index + 1].text if index + 1 < len(tokens) else ";"
            if value not in (";", "true", "false", "{"):
                yield index


def _header_returns_bool(header: List[Token], inside: bool) -> bool:
    """Says whether a `return` in the block behind the header returns a bool; `inside`: whether it does around it."""
    text = " ".join(token.text for token in header)
    if BOOL_FUNCTION.match(text):
        return True
    lambda_start = _last_lambda(header)
    if lambda_start is not None:
        return text.endswith("-> bool")
    return inside


def _last_lambda(header: List[Token]) -> Optional[int]:
    """Returns where a lambda begins in the header: a bracket that does not follow a value."""
    for index in range(len(header) - 1, -1, -1):
        if header[index].text == "[":
            before = header[index - 1] if index else None
            if before is None or (before.kind != "name" and before.text not in (")", "]")) or before.text == "return":
                return index
    return None
