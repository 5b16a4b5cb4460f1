"""What a walled kernel is given and kept from: plain data, which crosses to the zygote as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

# Each wall can be left out by a test, to show that the test can fail.
INNER_WALLS = (
    "user",  # a user namespace: no privilege outside; the others need it
    "mount",  # own file systems; those of other submissions out of reach
    "pid",  # other processes invisible; all of a submission's gone with its first
    "ipc",  # no System V or POSIX message queues and shared memory in common
    "net",  # no network, not even loopback
    "uts",  # own host name
    "limits",  # memory, processes, file sizes, open files, processor time
    "capabilities",  # none, not even within the user namespace
    "seccomp",  # no ptrace, no new namespaces or mounts, no sockets but AF_UNIX, ...
)
FALLBACK_WALLS = ("landlock", "limits", "capabilities", "seccomp")

PRELOAD = (
    "cProfile",
    "matplotlib.pyplot",
    "numpy.polynomial",
    "numpy.random",
    "numpy.testing",
    "pdb",
)


@dataclass(frozen=True)
class Allowance:
    """What one submission may use. Sizes in MiB, times in seconds of processor time."""

    memory: int = 1024
    processor: int = 120
    processes: int = 64  # threads count as such
    files: int = 256  # open at once
    file_size: int = 64
    temporary: int = 64  # all files together
    inodes: int = 4096


@dataclass(frozen=True)
class WallSettings:
    """The walls around a zygote and its kernels, and what is loaded before the first fork.

    `outer` says whether bubblewrap stands around the zygote; `inner` names the walls of each fork;
    `startup` is Python source run once in the zygote, `hidden` names packages that are not to be
    seen inside.
    """

    outer: bool = True
    inner: tuple[str, ...] = INNER_WALLS
    allowance: Allowance = Allowance()
    preload: tuple[str, ...] = PRELOAD
    startup: str = ""
    hidden: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the settings as JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> WallSettings:
        """Return the settings in a JSON text that `to_json` wrote."""
        data = json.loads(text)
        for name in ("inner", "preload", "hidden"):
            data[name] = tuple(data[name])
        return cls(**data | {"allowance": Allowance(**data["allowance"])})

    def fallback(self) -> WallSettings:
        """Return these settings for a host without user namespaces, with Landlock instead."""
        return WallSettings(**{**self.__dict__, "outer": False, "inner": FALLBACK_WALLS})
