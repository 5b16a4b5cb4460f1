"""Which walls can stand on this host."""

from __future__ import annotations

import functools
import os
import platform
import shutil
import subprocess
import sys

from . import landlock, outer_wall, seccomp, syscalls
from .settings import WallSettings

HELP = "See `lossgrad doctor`; on macOS and Windows grade in WSL or a Linux container."


class NoWalls(OSError):
    """This host has the means for no walls; the message says what is missing and how to get it."""


def best(settings: WallSettings) -> WallSettings:
    """Return the settings as they are if this host can raise all walls, otherwise its second choice.

    Raises `NoWalls` if it can raise neither.
    """
    reasons = missing_for_namespaces()
    if not reasons:
        return settings
    others = missing_for_landlock()
    if not others:
        return settings.fallback()
    raise NoWalls(f"no walls can be built here: {'; '.join(reasons + others)}.\n{HELP}")


@functools.cache
def missing_for_namespaces() -> tuple[str, ...]:
    """Return what keeps this host from the full walls, empty if nothing does."""
    common = _missing_for_any()
    if common:
        return common
    try:
        outer_wall.find_bubblewrap()
        _try_namespaces()
    except OSError as error:
        return (str(error),)
    return ()


@functools.cache
def missing_for_landlock() -> tuple[str, ...]:
    """Return what keeps this host from the walls of the second choice, empty if nothing does."""
    common = _missing_for_any()
    if common:
        return common
    return () if landlock.version() else ("Landlock is not enabled (Linux 5.13 or newer has it)",)


def _missing_for_any() -> tuple[str, ...]:
    if sys.platform != "linux":
        return (f"{platform.system()} has no such walls",)
    missing = []
    try:
        syscalls.number("seccomp")
    except syscalls.UnsupportedMachine as error:
        missing.append(str(error))
    try:
        seccomp.compile_filter()
    except OSError as error:
        missing.append(str(error))
    return tuple(missing)


def _try_namespaces() -> None:
    """Raise OSError unless an ordinary user inside bubblewrap can make namespaces of its own."""
    outer_wall.try_out()
    command = [shutil.which("unshare") or "unshare", "--user", "--mount", "--net", "--ipc", "--pid", "--fork"]
    tried = subprocess.run(
        [*command, "true"], capture_output=True, text=True, check=False, user=_ordinary_user()
    )
    if tried.returncode != 0:
        said = (tried.stderr.strip().splitlines() or ["no message"])[-1]
        raise OSError(
            f"ordinary users may not make user namespaces ({said}); "
            "an administrator allows them with `sysctl user.max_user_namespaces=10000`, on Ubuntu also "
            "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
        )


def _ordinary_user() -> int | None:
    return outer_wall.NOBODY if os.getuid() == 0 else None
