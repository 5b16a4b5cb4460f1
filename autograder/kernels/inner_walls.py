"""Raising the walls around one kernel: called in a fresh fork, before any foreign code runs."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import archives, landlock, limits, namespaces, seccomp, syscalls
from .settings import WallSettings

CGROUP_PROCESSES = "cgroup"  # the descriptor of a control group's `cgroup.procs`, if there is one


@dataclass(frozen=True)
class Plans:
    """What walls are built from: `instructions` of `compile_filter`, `paths` for Landlock."""

    settings: WallSettings
    instructions: bytes
    paths: landlock.Paths


def raise_walls(plans: Plans, request: dict, given: dict[str, int]) -> None:
    """Raise the walls, and go to the folder in which the submission runs.

    `request` is that of `zygotes.Zygote.fork` and `given` its descriptors by name. The order
    matters: each wall needs privileges that a later one takes away. Raises OSError if one cannot be
    raised; the caller must then end the process.
    """
    settings, paths = plans.settings, plans.paths
    walls = frozenset(settings.inner)
    allowance = settings.allowance.__dict__
    if CGROUP_PROCESSES in given:
        os.write(given[CGROUP_PROCESSES], b"0")
        os.close(given[CGROUP_PROCESSES])
    _own_descriptors()
    namespaces.enter(walls, allowance)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if "pid" in walls:
        # Its processes are looked for in a /proc of its own.
        watched = "limits" in walls and "mount" in walls
        namespaces.become_first_process(allowance["memory"] if watched else None)
        if "mount" in walls:
            namespaces.own_process_list()
    if os.getsid(0) != os.getpid():
        os.setsid()
    files = given.get("files")
    if files is not None and "mount" in walls:
        _write_read_only(files, allowance)
    work, temporary = _own_folders(request["own"] if "mount" not in walls else None)
    if "limits" in walls:
        limits.raise_limits(allowance, count_processes="user" in walls)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    if "capabilities" in walls:
        syscalls.drop_capabilities()
    if "landlock" in walls:
        own_process = f"/proc/{os.getpid()}"
        readable = landlock.Paths([*paths.readable, own_process], paths.listable)
        landlock.restrict(readable, [request["own"]])
    if "seccomp" in walls:
        seccomp.load(plans.instructions)
    # Not before: what an earlier kernel left in the folder must not lead the writing out of it.
    if files is not None:
        _write_files(work, files)
        os.close(files)
    _settle(work, temporary)


def enter_place(plans: Plans, files: int | None) -> None:
    """Go to a place like that of the kernels, to fork them from here; their walls come with them.

    Needs the walls `user` and `mount`. Raises OSError as `raise_walls` does.
    """
    allowance = plans.settings.allowance.__dict__
    _own_descriptors()
    namespaces.enter(frozenset(plans.settings.inner) - {"pid"}, allowance)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if files is not None:
        _write_read_only(files, allowance)
        _write_files(namespaces.WORK, files)
        os.close(files)
    _settle(namespaces.WORK, namespaces.TEMPORARY)


def _write_read_only(files: int, allowance: dict) -> None:
    with namespaces.read_only_files(allowance) as folder:
        _write_files(folder, files)


def _own_descriptors() -> None:
    """Open again the files that the zygote holds open, such as fonts.

    Inherited ones share their position with all other forks, which would read from wherever another
    one left it.
    """
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        with contextlib.suppress(OSError):  # the listing's own descriptor is closed already
            status = os.fstat(descriptor)
            if descriptor > 2 and stat.S_ISREG(status.st_mode) and status.st_nlink:
                again = os.open(f"/proc/self/fd/{name}", os.O_RDONLY | os.O_CLOEXEC)
                os.dup2(again, descriptor, inheritable=False)
                os.close(again)


def _write_files(folder: str, archive: int) -> None:
    for name, content in archives.unpack(archive):
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _own_folders(own: str | None) -> tuple[str, str]:
    """Return the folders to run in and for temporary files: below `own`, if there is one."""
    if own is None:
        return namespaces.WORK, namespaces.TEMPORARY
    folders = os.path.join(own, "work"), os.path.join(own, "tmp")
    for folder in folders:
        os.makedirs(folder, 0o700, exist_ok=True)
    return folders


def _settle(work: str, temporary: str) -> None:
    os.chdir(work)
    os.environ |= {"HOME": work, "PWD": work, "TMPDIR": temporary, "MPLCONFIGDIR": temporary}
    tempfile.tempdir = None
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
