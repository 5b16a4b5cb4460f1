"""Tries, in the place of a zygote, whether the walls of namespaces can be raised on this host."""

from __future__ import annotations

import sys

from . import namespaces, syscalls
from .settings import INNER_WALLS, Allowance


def main() -> None:
    """Raise them as a kernel would, or exit with a sentence. The argument: the user to become."""
    try:
        if user := sys.argv[1]:
            syscalls.give_up_root(int(user))
        namespaces.enter(frozenset(INNER_WALLS), Allowance().__dict__)
    except OSError as error:
        sys.exit(f"{error}")
