"""The first cells of a notebook, run once, before the fork, for all kernels that begin with them.

They must be a trusted author's. A kernel forked afterwards has their names, modules and settings
and, asked to run them, sends the outputs that they had.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import stat
import sys
from collections import deque
from collections.abc import Iterator
from io import TextIOBase
from pathlib import Path

from .messages import Kind


class Opening:
    """What was sent while each of the cells ran."""

    def __init__(self) -> None:
        self._cells: deque[tuple[bytes, list[tuple[Kind, bytes]]]] = deque()
        self.random_state: tuple | None = None  # if the cells seeded or drew random numbers
        self.streams: tuple[TextIOBase, ...] = ()

    def begin_cell(self, source: bytes) -> None:
        """Record from now on what belongs to this cell."""
        self._cells.append((source, []))

    def record(self, kind: Kind, _number: int, content: bytes) -> None:
        """Record a message, in place of sending it."""
        self._cells[-1][1].append((kind, content))

    def next_sent(self, source: bytes) -> list[tuple[Kind, bytes]] | None:
        """Return what was sent for a cell if it is the next of these; otherwise there is no next.

        What runs after another cell would find other names than it found here.
        """
        if self._cells and self._cells[0][0] == source:
            return self._cells.popleft()[1]
        self._cells.clear()
        return None


@contextlib.contextmanager
def output_aside() -> Iterator[int]:
    """Let what is written to the standard descriptors go to a file, and give that file.

    A kernel has threads that catch it; a process to be forked has none.
    """
    kept = [(descriptor, os.dup(descriptor)) for descriptor in (1, 2)]
    aside = os.memfd_create("output")
    try:
        for descriptor, _ in kept:
            os.dup2(aside, descriptor)
        yield aside
    finally:
        for descriptor, copy in kept:
            os.dup2(copy, descriptor)
            os.close(copy)
        os.close(aside)


class Surroundings:
    """What a process has that its forks would not, or not each for itself.

    Taken before cells run, it says afterwards what they left of this kind.
    """

    def __init__(self, folders: tuple[str, ...]):
        self._folders = folders
        self._place = os.getcwd()
        self._files = self._written()
        self._descriptors = set(_descriptors())
        self._random = _random_state()

    def left(self, loop: asyncio.AbstractEventLoop) -> str:
        """Return what there is now and was not before, or "" if forks lack nothing."""
        if len(os.listdir("/proc/self/task")) > 1:
            return "a thread"
        if _has_children():
            return "a process"
        if asyncio.all_tasks(loop):
            return "a task"
        if self._files != self._written():
            return "a file"
        if os.getcwd() != self._place:
            return "another working directory"
        for descriptor in set(_descriptors()) - self._descriptors:
            if not _is_library_file(descriptor):
                return "an open " + os.readlink(f"/proc/self/fd/{descriptor}")
        return ""

    def random_state(self) -> tuple | None:
        """Return the state of the common generators if they were seeded or drawn from since."""
        state = _random_state()
        return None if state == self._random else state

    def _written(self) -> set[tuple[str, int, int]]:
        """Return name, size and time of what may be written to, but for bytecode."""
        return {
            (str(path), status.st_size, status.st_mtime_ns)
            for folder in self._folders
            for path in Path(folder).rglob("*")
            if "__pycache__" not in path.parts
            and not stat.S_ISDIR((status := path.lstat()).st_mode)
        }


def _descriptors() -> list[int]:
    found = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing's own is closed already
            os.fstat(int(name))
            found.append(int(name))
    return found


def _is_library_file(descriptor: int) -> bool:
    """Return whether it is a file that each fork opens anew: one outside of its own folders."""
    status = os.fstat(descriptor)
    elsewhere = status.st_nlink and status.st_dev != os.stat(os.getcwd()).st_dev
    return stat.S_ISREG(status.st_mode) and elsewhere


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _random_state() -> tuple:
    return random.getstate(), _numpy_state()


def _numpy_state() -> tuple | None:
    if "numpy" not in sys.modules:
        return None
    kind, key, *rest = sys.modules["numpy"].random.get_state()
    return kind, tuple(key.tolist()), *rest


def restore_random_state(state: tuple) -> None:
    """Let the common generators go on from where the cells left them."""
    plain, of_numpy = state
    random.setstate(plain)
    if of_numpy is not None:
        sys.modules["numpy"].random.set_state(of_numpy)
