"""Running a command and measuring it whole: wall time, processor time of all processes, memory."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PROCESSORS = 2  # every measurement is made on this many
SAMPLE_SECONDS = 0.05  # how often memory is looked at


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds of wall and processor time, its own process's peak MiB."""

    wall: float
    processor: float
    memory: float


class CommandFailed(RuntimeError):
    """A measured command did not succeed; shows the end of what it said."""


def run(command: Sequence[str], folder: Path, processors: int = PROCESSORS) -> Cost:
    """Run a command on a few processors and return what it cost. Raises CommandFailed."""
    _adopt_orphans()
    others = _children()
    allowed = set(sorted(os.sched_getaffinity(0))[:processors])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with open(folder / "measured.log", "wb") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=said,
            stderr=said,
            preexec_fn=lambda: os.sched_setaffinity(0, allowed),
        )
        watcher = _Watcher(process.pid)
        code = process.wait()
    wall = time.perf_counter() - start
    _await_orphans(others)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code != 0:
        tail = (folder / "measured.log").read_text(errors="replace").splitlines()[-5:]
        raise CommandFailed(f"{' '.join(command)} ended with {code}:\n" + "\n".join(tail))
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, processor, watcher.stop())


def _adopt_orphans() -> None:
    """Become the parent of processes whose parent ends first, or their time would not be counted.

    bubblewrap does not wait for the first process of its namespace, below which the kernels are.
    """
    set_child_subreaper = 36  # of prctl(2)
    if ctypes.CDLL(None, use_errno=True).prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot count the time of all processes")


def _await_orphans(others: set[int]) -> None:
    """Wait for the children that were adopted; `others` are started elsewhere and go on."""
    while adopted := _children() - others:
        for child in adopted:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def machine() -> str:
    """Return one line about this machine."""
    busy = os.getloadavg()[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} processors ({PROCESSORS} used), "
        f"load {busy:.1f} at the start, Linux {platform.release()}, "
        f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
    )


class _Watcher(threading.Thread):
    """Looks at a process's memory until it ends."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._peak = 0
        self._ended = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            try:
                self._peak = max(self._peak, self._process.memory_info().rss)
            except psutil.NoSuchProcess:
                return

    def stop(self) -> float:
        self._ended.set()
        self.join()
        return self._peak / 2**20
