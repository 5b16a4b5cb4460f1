"""The walls of namespaces: own users, files, processes, messages, network and host name for each submission."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

from . import syscalls
from .syscalls import MS_BIND, MS_MOVE, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY, MS_REC, MS_SLAVE

FLAGS = {
    "user": syscalls.NEWUSER,
    "mount": syscalls.NEWNS,
    "pid": syscalls.NEWPID,
    "ipc": syscalls.NEWIPC,
    "net": syscalls.NEWNET,
    "uts": syscalls.NEWUTS,
}
WORK = "/work"  # where a submission runs
TEMPORARY = "/tmp"
SHARED_MEMORY = "/dev/shm"
HOST_NAME = b"sandbox"


def enter(walls: frozenset[str], allowance: dict, sockets: str, own_sockets: str) -> None:
    """Move this single-threaded process into new namespaces, in one call.

    `sockets` is the directory of all kernels' sockets, `own_sockets` the one that this kernel may see.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = 0
    for wall, flag in FLAGS.items():
        flags |= flag if wall in walls else 0
    if flags:
        syscalls.unshare(flags)
    if "user" in walls:
        _map_user(uid, gid)
    if "mount" in walls:
        _own_files(allowance, sockets, own_sockets)
    if "uts" in walls:
        syscalls.libc.sethostname(HOST_NAME, len(HOST_NAME))


def become_first_process() -> None:
    """Go on as process 1 of the new process namespace; its parent waits for it and ends as it ended.

    When process 1 ends, the kernel of the operating system kills all other processes of its namespace.
    """
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    child = os.fork()
    if child:
        _supervise(child)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def own_process_list() -> None:
    """Mount a fresh, read-only /proc that shows this process namespace only.

    Where the host forbids it, /proc is hidden altogether.
    """
    try:
        syscalls.mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY)
    except PermissionError:
        syscalls.mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k")


def _map_user(uid: int, gid: int) -> None:
    with contextlib.suppress(PermissionError):  # denied already in the zygote's namespace
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _own_files(allowance: dict, sockets: str, own_sockets: str) -> None:
    """Put one small file system of memory in the place of everything writable, and hide others' sockets."""
    syscalls.mount(None, "/", None, MS_REC | MS_SLAVE)
    options = f"size={allowance['temporary']}m,nr_inodes={allowance['inodes']},mode=0700"
    syscalls.mount("tmpfs", TEMPORARY, "tmpfs", MS_NOSUID | MS_NODEV, options)
    for name in ("tmp", "work", "memory", "sockets"):
        os.mkdir(f"{TEMPORARY}/{name}", 0o700)
    syscalls.mount(own_sockets, f"{TEMPORARY}/sockets", None, MS_BIND)
    syscalls.mount("tmpfs", sockets, "tmpfs", MS_NOSUID | MS_NODEV, "size=4k,nr_inodes=8,mode=0755")
    os.mkdir(own_sockets)
    syscalls.mount(f"{TEMPORARY}/sockets", own_sockets, None, MS_MOVE)
    syscalls.mount(f"{TEMPORARY}/work", WORK, None, MS_BIND)
    syscalls.mount(f"{TEMPORARY}/memory", SHARED_MEMORY, None, MS_BIND)
    syscalls.mount(f"{TEMPORARY}/tmp", TEMPORARY, None, MS_BIND)  # last: it covers the other three


def _supervise(child: int) -> None:
    """Wait for the child outside of its process namespace, passing interrupts on. Never returns."""
    for forwarded in (signal.SIGINT, signal.SIGTERM):
        signal.signal(forwarded, lambda number, _: os.kill(child, number))
    os.closerange(3, 256)
    while True:
        with contextlib.suppress(InterruptedError):
            _, status = os.waitpid(child, 0)
            break
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
