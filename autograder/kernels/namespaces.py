"""The walls of namespaces: own users, files, processes, messages, network and host name."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from . import supervisor, syscalls
from .syscalls import (
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    MS_SLAVE,
)

FLAGS = {
    "user": syscalls.NEWUSER,
    "mount": syscalls.NEWNS,
    "pid": syscalls.NEWPID,
    "ipc": syscalls.NEWIPC,
    "net": syscalls.NEWNET,
    "uts": syscalls.NEWUTS,
}
WORK = "/work"  # where a submission runs
ASSIGNMENT = "/assignment"  # the assignment's files, read-only; copies of them are in WORK
TEMPORARY = "/tmp"
SHARED_MEMORY = "/dev/shm"
TERMINALS = "/dev/pts"
HOST_NAME = b"sandbox"


def enter(walls: frozenset[str], allowance: dict) -> None:
    """Move this single-threaded process into new namespaces, in one call."""
    uid, gid = os.getuid(), os.getgid()
    flags = 0
    for wall, flag in FLAGS.items():
        flags |= flag if wall in walls else 0
    if flags:
        syscalls.unshare(flags)
    if "user" in walls:
        _map_user(uid, gid)
    if "mount" in walls:
        _own_files(allowance)
    if "uts" in walls:
        syscalls.libc.sethostname(HOST_NAME, len(HOST_NAME))


def become_first_process(memory: int | None) -> None:
    """Go on as process 1 of the new namespace, which may use `memory` MiB; its parent supervises.

    When process 1 ends, the kernel of the operating system kills all other processes of its
    namespace.
    """
    child = os.fork()
    if child:
        supervisor.supervise(child, memory)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def own_process_list() -> None:
    """Mount a fresh, read-only /proc that shows this process namespace only.

    Where the host forbids it, /proc is hidden altogether.
    """
    try:
        syscalls.mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY)
    except PermissionError:
        syscalls.mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k")


@contextlib.contextmanager
def read_only_files(allowance: dict) -> Iterator[str]:
    """Give a folder to write into, which stays, read-only for good, when the context ends."""
    syscalls.mount("tmpfs", ASSIGNMENT, "tmpfs", MS_NOSUID | MS_NODEV, _size(allowance))
    yield ASSIGNMENT
    syscalls.mount(None, ASSIGNMENT, None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _size(allowance: dict) -> str:
    return f"size={allowance['temporary']}m,nr_inodes={allowance['inodes']},mode=0700"


def _map_user(uid: int, gid: int) -> None:
    with contextlib.suppress(PermissionError):  # denied already in the zygote's namespace
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _own_files(allowance: dict) -> None:
    """Put one small file system of memory in the place of everything writable."""
    syscalls.mount(None, "/", None, MS_REC | MS_SLAVE)
    syscalls.mount("tmpfs", TEMPORARY, "tmpfs", MS_NOSUID | MS_NODEV, _size(allowance))
    for name in ("tmp", "work", "memory"):
        os.mkdir(f"{TEMPORARY}/{name}", 0o700)
    syscalls.mount(f"{TEMPORARY}/work", WORK, None, MS_BIND)
    syscalls.mount(f"{TEMPORARY}/memory", SHARED_MEMORY, None, MS_BIND)
    syscalls.mount(f"{TEMPORARY}/tmp", TEMPORARY, None, MS_BIND)  # last: it covers the other two
    terminals = "newinstance,mode=0620,ptmxmode=0666"
    syscalls.mount("devpts", TERMINALS, "devpts", MS_NOSUID | MS_NOEXEC, terminals)
