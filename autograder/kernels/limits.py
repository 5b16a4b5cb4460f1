"""The wall of resource limits, setrlimit(2)."""

from __future__ import annotations

import resource
from pathlib import Path

MIB = 2**20


def raise_limits(allowance: dict, *, count_processes: bool) -> None:
    """Set limits of this process and its children. `allowance` is `settings.Allowance` as a dict.

    Limits of address space count what is reserved (stacks, BLAS buffers), so the memory allowed is
    added to what the zygote already had reserved at the fork. Processes are counted per user: in a
    user namespace of its own that is the submission alone, elsewhere everything of that user
    (`count_processes` off).
    """
    reserved = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _set(resource.RLIMIT_AS, reserved + allowance["memory"] * MIB)
    # The soft limit raises SIGXCPU, which Python code could ignore; the hard one kills.
    resource.setrlimit(resource.RLIMIT_CPU, (allowance["processor"], allowance["processor"] + 2))
    _set(resource.RLIMIT_FSIZE, allowance["file_size"] * MIB)
    _set(resource.RLIMIT_NOFILE, allowance["files"])
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_MEMLOCK, 0)
    _set(resource.RLIMIT_MSGQUEUE, 0)
    if count_processes:
        _set(resource.RLIMIT_NPROC, allowance["processes"])


def _set(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
