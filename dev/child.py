"""Become another program that ends when its parent ends, as another user if asked: `child.py [--user U] COMMAND ...`.

Without this, `kill -9` of `make run` would leave its servers behind, holding sockets and the port.
"""

import ctypes
import os
import pwd
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    command = sys.argv[1:]
    if command[0] == "--user":
        become(command[1])
        command = command[2:]
    # SIGINT is PostgreSQL's fast shutdown; it would wait for its clients after a SIGTERM.
    end_with_parent(signal.SIGINT if os.path.basename(command[0]) == "postgres" else signal.SIGTERM)
    os.execvp(command[0], command)


def become(name: str) -> None:
    entry = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.chdir("/")


def end_with_parent(ending: signal.Signals) -> None:
    """Linux only. Set after the change of user, which would clear it."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, ending)
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    main()
