"""The wall of Landlock: which files this process and its children may ever touch.

An ordinary process may raise it, also where user namespaces are forbidden. See landlock(7).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from . import syscalls

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
_MAKE_AND_REMOVE = sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
WRITE = WRITE_FILE | _MAKE_AND_REMOVE | _REFER | _TRUNCATE
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL

_BIND_AND_CONNECT_TCP = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3
_RULE_PATH_BENEATH = 1
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/random")


@dataclass(frozen=True)
class Paths:
    """Paths to read with all that is beneath them, and folders of which names can be listed."""

    readable: list[str] = field(default_factory=list)
    listable: list[str] = field(default_factory=list)


def paths_beside(roots: Iterable[str], hidden: Iterable[Path]) -> Paths:
    """Return what to allow so that everything beneath `roots` can be read but what is hidden.

    Landlock can allow a folder with all that is beneath it, but forbid nothing therein: of a folder
    with something hidden, every other entry is allowed by itself.
    """
    hidden = [str(folder) for folder in hidden]
    paths = Paths()
    waiting = [os.path.realpath(root) for root in roots]
    while waiting:
        path = waiting.pop()
        if path in hidden or not os.path.exists(path):
            continue
        if any(folder.startswith(path + os.sep) for folder in hidden):
            paths.listable.append(path)
            waiting += [os.path.realpath(os.path.join(path, name)) for name in os.listdir(path)]
        else:
            paths.readable.append(path)
    return paths


def version() -> int:
    """Return the version of Landlock's interface on this host; 0 if it is absent."""
    result = syscalls.libc.syscall(
        ctypes.c_long(syscalls.number("landlock_create_ruleset")), None, ctypes.c_size_t(0), 1
    )
    return max(result, 0)


def restrict(paths: Paths, writable: Iterable[str]) -> None:
    """Keep this process and its children, for good, from files not beneath the given paths.

    Where the kernel knows how, also from TCP, and from abstract sockets of, and signals to, other
    processes. Raises OSError if the host has no Landlock.
    """
    known = version()
    handled = _handled_rights(known)
    network = _BIND_AND_CONNECT_TCP if known >= 4 else 0
    scope = _ABSTRACT_SOCKETS_AND_SIGNALS if known >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scope)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = syscalls.call("landlock_create_ruleset", attributes, ctypes.c_size_t(size), 0)
    for path in paths.readable:
        _allow(ruleset, path, READ & handled)
    for path in paths.listable:
        _allow(ruleset, path, READ_DIR & handled)
    for path in writable:
        _allow(ruleset, path, (READ | WRITE) & handled)
    for path in DEVICES:
        _allow(ruleset, path, (READ_FILE | WRITE_FILE | _IOCTL) & handled)
    syscalls.call("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


def _handled_rights(known: int) -> int:
    rights = READ | WRITE | _IOCTL
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL)):
        if known < since:
            rights &= ~right
    return rights


def _allow(ruleset: int, path: str, rights: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                rights &= _OF_FILES
            rule = struct.pack("=Qi", rights, descriptor)
            syscalls.call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, rule, 0)
        finally:
            os.close(descriptor)
