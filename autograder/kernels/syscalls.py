"""The few system calls of Linux that Python's standard library lacks."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

libc = ctypes.CDLL(None, use_errno=True)

# Namespaces, clone(2).
NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
NEWCGROUP = 0x2000000
# Mount flags, mount(2).
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_SLAVE = 4096, 16384, 1 << 19
# Operations of prctl(2).
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38

# capset and seccomp have other numbers on each architecture; those of Landlock are the same on all.
_NUMBERS = {"x86_64": {"capset": 126, "seccomp": 317}, "aarch64": {"capset": 91, "seccomp": 277}}
_LANDLOCK = {
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}

_CAPABILITY_VERSION_3 = 0x20080522


class UnsupportedMachine(OSError):
    """This processor architecture is not among those with known system call numbers."""


def number(name: str) -> int:
    """Return the number of a system call on this machine. Raises `UnsupportedMachine`."""
    if name in _LANDLOCK:
        return _LANDLOCK[name]
    try:
        return _NUMBERS[platform.machine()][name]
    except KeyError:
        raise UnsupportedMachine(f"no walls for {platform.machine()} processors") from None


def check(result: int, what: str) -> int:
    """Return the result of a C call, or raise OSError with its errno."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def unshare(flags: int) -> None:
    """Move this process into new namespaces, unshare(2)."""
    check(libc.unshare(ctypes.c_int(flags)), f"unshare {flags:#x}")


def mount(
    source: str | None, target: str, kind: str | None, flags: int, data: str | None = None
) -> None:
    """Mount a file system, mount(2)."""
    result = libc.mount(
        source and source.encode(),
        target.encode(),
        kind and kind.encode(),
        ctypes.c_ulong(flags),
        data and data.encode(),
    )
    check(result, f"mount {source} on {target}")


def prctl(operation: int, argument: int = 0) -> None:
    """Set an attribute of this process, prctl(2)."""
    result = libc.prctl(ctypes.c_int(operation), *(ctypes.c_ulong(x) for x in (argument, 0, 0, 0)))
    check(result, f"prctl {operation}")


def call(name: str, *arguments) -> int:
    """Make a system call by name; raises OSError if it fails."""
    return check(libc.syscall(ctypes.c_long(number(name)), *arguments), name)


def give_up_root(user: int) -> None:
    """Become an ordinary user for good: no limit on processes holds for root."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # Changing user made /proc/self belong to root, and a user namespace could not be set up.
    prctl(PR_SET_DUMPABLE, 1)


def drop_capabilities() -> None:
    """Give up all capabilities, also those that a later exec could bring back."""
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            code = ctypes.get_errno()
            if code == errno.EINVAL:  # past the last capability of this kernel
                break
            # Without CAP_SETPCAP there is nothing in the set worth dropping.
            if code != errno.EPERM:
                raise OSError(code, "capability bounding set")
    call("capset", struct.pack("II", _CAPABILITY_VERSION_3, 0), bytes(24))
