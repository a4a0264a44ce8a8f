"""A robot on a serial line: fake_robot.py LINK DISCS. Serves LINK, a pseudo-terminal, until it is ended.

While a file LINK.door exists it is BUSY. LINK.log gets a line for each request and answer.
"""

import os
import pty
import sys
import tty


def answer(request, stack, drives):
    words = request.split()
    if words == ["HOME"]:
        return "OK"
    if len(words) != 2 or words[0] not in ("LOAD", "UNLOAD", "REJECT"):
        return "WHAT?"
    verb, drive = words
    if verb == "LOAD":
        if drive in drives:
            return "ERROR there is a disc"
        if not stack:
            return "EMPTY"
        drives[drive] = stack.pop(0)
        return "OK"
    return "OK" if drives.pop(drive, None) else "ERROR there is no disc"


def main():
    link, discs = sys.argv[1], int(sys.argv[2])
    master, slave = pty.openpty()  # the slave stays open, so that the line outlives those who use it
    tty.setraw(slave)
    stack, drives = [f"disc{n}" for n in range(1, discs + 1)], {}
    os.write(master, b"noise from before\r\n")
    with os.fdopen(os.dup(master), "rb") as lines, open(link + ".log", "w", buffering=1) as log:
        os.symlink(os.ttyname(slave), link)  # last: who finds it asks at once, and the noise must be from before
        for line in lines:
            request = line.decode().strip()
            reply = "BUSY" if os.path.exists(link + ".door") else answer(request, stack, drives)
            log.write(f"{request}: {reply}\n")
            os.write(master, (reply + "\r\n").encode())


main()
