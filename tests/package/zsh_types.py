"""Types into zsh on a terminal of its own, and looks at what its completion makes of it."""
import os
import pty
import select
import sys
import time

SETUP = (
    "PS1='ready> '; unsetopt zle_bracketed_paste; fpath+=(/usr/share/zsh/vendor-completions); "
    "autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-prompt ''; echo set''up\n"
)


def read_until(terminal, mark, seconds=60):
    text = ""
    end = time.monotonic() + seconds
    while mark not in text and time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            text += os.read(terminal, 65536).decode(errors="replace")
    if mark not in text:
        sys.exit(f"no {mark!r} in {text!r}")
    return text


child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "dumb"
    os.execvp("zsh", ["zsh", "-f", "-i"])
os.write(terminal, SETUP.encode())
read_until(terminal, "setup\r\n")
for typed, wanted in (("binrip info --js\t", "--json "), ("\x15binrip doct\t", "doctor ")):
    os.write(terminal, typed.encode())
    read_until(terminal, wanted)
os.write(terminal, b"\x15exit\n")
print("zsh completes")
