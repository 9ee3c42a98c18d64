"""Become another program that never outlives the one who started it.

Run as a script (`python -I child.py [--identity WHO] --parent PID --signal N -- program ...`), because three
things must happen inside the new process before the program takes over: who it is, what it hears when its
parent dies, and that the parent is still there. Only the standard library is used, so it starts in 20 ms.

PostgreSQL refuses to run as root. `namespace` gives it a user namespace in which root is called nobody: no
account is made, no folder is opened up, files stay root's. Where the kernel forbids that (Docker's default),
`nobody` takes up that account for real.
"""

import argparse
import ctypes
import os
import sys

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def main() -> None:
    asked = parse(sys.argv[1:])
    {"self": stay, "namespace": enter_namespace, "nobody": become_nobody}[asked.identity]()
    die_with_parent(asked.parent, asked.signal)
    os.execvp(asked.program[0], asked.program)


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run a program that dies with its parent.")
    parser.add_argument("--identity", choices=["self", "namespace", "nobody"], default="self")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("program", nargs="+")
    return parser.parse_args(words)


def stay() -> None:
    """An ordinary user runs everything under their own name."""


def enter_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "this machine does not allow user namespaces")
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{NOBODY} {uid} 1")
    write("/proc/self/gid_map", f"{NOBODY} {gid} 1")


def write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def die_with_parent(parent: int, signal: int) -> None:
    """Linux only; elsewhere the next start finds and stops what was left behind."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked to be told
        sys.exit(1)


if __name__ == "__main__":
    main()
