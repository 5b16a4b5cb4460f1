"""Which walls can stand on this host."""

from __future__ import annotations

import functools
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from . import landlock, outer_wall, seccomp, syscalls
from .settings import WallSettings

HELP = "See `lossgrad doctor`; on macOS and Windows grade in WSL or a Linux container."
ADVICE = (
    "an administrator allows them with `sysctl user.max_user_namespaces=10000`, on Ubuntu also "
    "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
)


class NoWalls(OSError):
    """This host has the means for no walls; the message says what is missing and how to get it."""


def best(settings: WallSettings) -> WallSettings:
    """Return the settings as they are if this host can raise all walls, else its second choice.

    Raises `NoWalls` if it can raise neither.
    """
    reasons = missing_for_namespaces()
    if not reasons:
        return settings
    others = missing_for_landlock()
    if not others:
        return settings.fallback()
    missing = dict.fromkeys(reasons + others)  # what both lack is said once
    raise NoWalls(f"no walls can be built here: {'; '.join(missing)}.\n{HELP}")


@functools.cache
def missing_for_namespaces() -> tuple[str, ...]:
    """Return what keeps this host from the full walls, empty if nothing does."""
    common = _missing_for_any()
    if common:
        return common
    try:
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
    if not landlock.version():
        return ("Landlock is not enabled (Linux 5.13 or newer has it)",)
    if os.getuid() == 0 and not _ordinary_user_can_run(sys.executable):
        return (
            f"root becomes an ordinary user first, who cannot read {sys.base_prefix}; "
            "grade as an ordinary user",
        )
    return ()


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
    """Raise OSError, with what to do, unless a kernel could raise its walls behind bubblewrap."""
    with tempfile.TemporaryDirectory(prefix="lg-") as run:
        start = outer_wall.behind(WallSettings(), Path(run), None, "trial")
        user = "" if start.user is None else str(start.user)
        tried = subprocess.run(
            [*start.command, user],
            env=start.environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if tried.returncode != 0:
        said = (tried.stderr.strip().splitlines() or ["no message"])[-1]
        raise OSError(f"user namespaces do not work here ({said}); {ADVICE}")


def _ordinary_user_can_run(program: str) -> bool:
    try:
        tried = subprocess.run(
            [program, "-c", ""], user=outer_wall.NOBODY, capture_output=True, check=False
        )
    except OSError:
        return False
    return tried.returncode == 0
