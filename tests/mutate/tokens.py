"""The tokens of a C++ source file, as far as mutation testing needs them."""

import re
from typing import List, NamedTuple

TOKEN = re.compile(r"""
    (?P<directive>^[^\S\n]*\#(?:\\\n|[^\n])*)
  | (?P<space>\n|[^\S\n]+)
  | (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
  | (?P<raw>(?:u8|u|U|L)?R"(?P<delimiter>[^()\\\s"]{0,16})\(.*?\)(?P=delimiter)")
  | (?P<string>(?:u8|u|U|L)?"(?:\\.|[^"\\\n])*"(?:[A-Za-z_]\w*)?)
  | (?P<char>(?:u8|u|U|L)?'(?:\\.|[^'\\\n])+')
  | (?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<operator><=>|<<=|>>=|->\*|\.\.\.|::|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
""", re.VERBOSE | re.DOTALL | re.MULTILINE)


class Token(NamedTuple):
    kind: str  # name, number, operator, string (raw ones, too), char
    text: str
    start: int  # offsets into the source
    end: int


def tokenize(source: str) -> List[Token]:
    """Returns the tokens without spaces, comments and preprocessor lines."""
    tokens = []
    for match in TOKEN.finditer(source):
        kind = "string" if match.lastgroup in ("raw", "delimiter") else match.lastgroup
        if kind not in ("space", "comment", "directive"):
            tokens.append(Token(kind, match.group(), match.start(), match.end()))
    return tokens
