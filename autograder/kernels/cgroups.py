"""Limits on all processes of a submission together, by cgroup v2, where we may set them.

Delegated is the parent of this process's group, if it is writable and passes the controllers on to
its children: so with `systemd-run --user --scope -p Delegate=yes -p DelegateSubgroup=grading ...`.
Elsewhere the limits of `limits` and `supervisor` stand alone. See
docs.kernel.org/admin-guide/cgroup-v2.html.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from .settings import Allowance

CONTROLLERS = {"memory", "pids"}
SECONDS_TO_EMPTY = 2.0


@dataclass(frozen=True)
class Group:
    """The control group of one submission."""

    path: Path

    def open_processes(self) -> int:
        """Return a descriptor: a process that writes 0 to it moves itself into the group."""
        return os.open(self.path / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)

    def end(self) -> None:
        """Kill what is left in the group and remove it."""
        with contextlib.suppress(OSError):  # cgroup.kill is there since Linux 5.14
            (self.path / "cgroup.kill").write_text("1")
        deadline = time.monotonic() + SECONDS_TO_EMPTY
        while self.path.exists() and time.monotonic() < deadline:
            with contextlib.suppress(OSError):  # busy until the last process is gone
                self.path.rmdir()
                return
            time.sleep(0.002)


def delegated(
    process: Path = Path("/proc/self"), root: Path = Path("/sys/fs/cgroup")
) -> Path | None:
    """Return the group below which this process may make groups with limits, if there is one."""
    try:
        lines = (process / "cgroup").read_text().splitlines()
        own = next(line[3:] for line in lines if line.startswith("0::"))
        parent = (root / own.lstrip("/")).parent
        if own == "/" or not parent.is_relative_to(root):
            return None
        passed_on = set((parent / "cgroup.subtree_control").read_text().split())
    except (OSError, StopIteration):
        return None
    writable = os.access(parent, os.W_OK) and os.access(parent / "cgroup.procs", os.W_OK)
    return parent if writable and passed_on >= CONTROLLERS else None


def own(allowance: Allowance) -> Group | None:
    """Make a group for one submission, if this host lets us."""
    parent = delegated()
    return None if parent is None else make(parent, allowance.memory, allowance.processes)


def make(parent: Path, memory: int, processes: int) -> Group:
    """Make a group below `parent` for at most so many MiB and processes. Raises OSError."""
    path = parent / f"lossgrad-{secrets.token_hex(4)}"
    path.mkdir()
    limits = {
        "memory.max": memory * 2**20,
        "memory.swap.max": 0,
        "memory.oom.group": 1,
        "pids.max": processes,
    }
    try:
        for name, value in limits.items():
            with contextlib.suppress(FileNotFoundError if name == "memory.swap.max" else ()):
                (path / name).write_text(str(value))
    except OSError:
        path.rmdir()
        raise
    return Group(path)
