"""The process that waits for a submission's first process, outside of its process namespace."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from pathlib import Path

MILLISECONDS_BETWEEN_LOOKS = 200
KIB = 1024


def supervise(child: int, memory: int | None) -> None:
    """Wait for the child and end as it ended. Never returns.

    SIGINT is passed on; SIGTERM ends the child, and so, by the operating system, all processes of
    its namespace: once this process has ended, so have they. If all of them together use more than
    `memory` MiB, the child is killed; the limits of setrlimit hold for each process alone.
    """
    signal.signal(signal.SIGINT, lambda *_: os.kill(child, signal.SIGINT))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    ended = select.poll()
    ended.register(os.pidfd_open(child), select.POLLIN)
    while not ended.poll(None if memory is None else MILLISECONDS_BETWEEN_LOOKS):
        processes = _processes()
        # One process alone cannot pass its own limit of address space.
        if len(processes) > 1 and sum(map(_memory_of, processes)) > memory * KIB:
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def _processes() -> list[str]:
    """Return the numbers of the processes in the namespace whose /proc is mounted here."""
    with contextlib.suppress(OSError):
        return [name for name in os.listdir("/proc") if name.isdigit()]
    return []


def _memory_of(process: str) -> int:
    """Return the KiB in memory that are a process's own or its share; 0 if it has ended."""
    folder = Path("/proc", process)
    with contextlib.suppress(OSError):
        for line in (folder / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    # It keeps others from looking: count all that it shares.
    with contextlib.suppress(OSError, IndexError):
        return int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // KIB
    return 0
