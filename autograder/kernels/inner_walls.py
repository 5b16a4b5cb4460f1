"""Raising the walls around one kernel: called in a fresh fork, before any foreign code runs."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

from . import landlock, limits, namespaces, seccomp, syscalls
from .settings import WallSettings

# All that a submission may read where Landlock stands in the place of a file system of its own.
READABLE = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")


def raise_walls(settings: WallSettings, request: dict, instructions: bytes) -> str:
    """Raise the walls named in `settings` and return the directory in which the submission runs.

    `request` is that of `zygotes.Zygote.fork`; `instructions` a filter made by `seccomp.compile_filter`. The
    order matters: each wall needs privileges that a later one takes away. Raises OSError if one cannot be raised;
    the caller must then end the process.
    """
    walls = frozenset(settings.inner)
    allowance = settings.allowance.__dict__
    namespaces.enter(walls, allowance, request["sockets"], request["own_sockets"])
    if "pid" in walls:
        namespaces.become_first_process()
        if "mount" in walls:
            namespaces.own_process_list()
    if os.getsid(0) != os.getpid():
        os.setsid()
    folder = namespaces.WORK if "mount" in walls else request["folder"]
    _write_files(folder, request["files"])
    if "limits" in walls:
        limits.raise_limits(allowance, count_processes="user" in walls)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    if "capabilities" in walls:
        syscalls.drop_capabilities()
    if "landlock" in walls:
        own = str(Path(request["folder"]).parent)
        landlock.restrict((*READABLE, *request["readable"], f"/proc/{os.getpid()}"), [own])
    if "seccomp" in walls:
        seccomp.load(instructions)
    _settle(folder)
    return folder


def _write_files(folder: str, archive: int | None) -> None:
    """Unpack the submission's files, which trusted code packed: lengths and plain bytes, no links."""
    if archive is None:
        return
    with os.fdopen(archive, "rb") as stream:
        stream.seek(0)
        while line := stream.readline():
            size, name = line.rstrip(b"\n").split(b" ", 1)
            path = Path(folder) / name.decode()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(stream.read(int(size)))


def _settle(folder: str) -> None:
    os.chdir(folder)
    os.environ["HOME"] = folder
    temporary = namespaces.TEMPORARY if folder == namespaces.WORK else str(Path(folder).parent / "tmp")
    os.environ["TMPDIR"] = temporary
    tempfile.tempdir = None
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
