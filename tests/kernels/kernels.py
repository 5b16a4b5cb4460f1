"""Walled kernels for tests, which need no event loop."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import itertools
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty

import pytest

from autograder.kernels import host, outer_wall
from autograder.kernels.client import PromptKernelManager
from autograder.kernels.settings import INNER_WALLS, Allowance, WallSettings
from autograder.kernels.specs import WalledKernelSpecs

# Small, so that reaching a limit takes little of the machine; the zygote itself needs some 400 MiB
# of address space.
ALLOWANCE = Allowance(
    memory=300, processor=1, processes=40, files=100, file_size=24, temporary=32, inodes=500
)
FULL = WallSettings(allowance=ALLOWANCE, preload=())
needs_namespaces = pytest.mark.skipif(
    bool(host.missing_for_namespaces()),
    reason=f"no full walls here: {host.missing_for_namespaces()}",
)


def without(*walls: str) -> WallSettings:
    """Return the full walls but for those named."""
    inner = tuple(wall for wall in INNER_WALLS if wall not in walls)
    return dataclasses.replace(FULL, outer="outer" not in walls, inner=inner)


class Kernel:
    """One kernel; `run` returns all that its code printed or raised."""

    def __init__(self, settings: WallSettings, files=None, manager=None):
        self.loop = asyncio.new_event_loop()
        self.manager = manager or PromptKernelManager(kernel_spec_manager=WalledKernelSpecs())
        try:
            self.await_(self.manager.start_kernel(walls=settings, files=files))
        except BaseException:
            self.end_loop()
            raise
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.await_(self.client.wait_for_ready(timeout=30))

    def await_(self, awaitable):
        return self.loop.run_until_complete(awaitable)

    @property
    def provisioner(self):
        return self.manager.provisioner

    @property
    def alive(self) -> bool:
        return self.await_(self.manager.is_alive())

    def run(self, code: str, seconds: float = 20) -> str:
        """Run code; the answer ends in DIED or TOO LONG if it did not finish."""
        return self.await_(self._run(code, seconds))

    async def _run(self, code, seconds):
        request, said = self.client.execute(code, allow_stdin=False), []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                message = await self.client.iopub_channel.get_msg(timeout=0.2)
            except Empty:
                if not await self.manager.is_alive():
                    return "".join([*said, "DIED"])
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if content.get("execution_state") == "idle":
                return "".join(said)
            said.append(content.get("text", "") or content.get("ename", ""))
            said.append(content.get("data", {}).get("text/plain", ""))
        return "".join([*said, "TOO LONG"])

    def close(self):
        self.client.stop_channels()
        self.await_(self.manager.shutdown_kernel(now=True))
        self.end_loop()

    def end_loop(self):
        self.await_(self.loop.shutdown_default_executor())
        self.loop.close()


@contextlib.contextmanager
def kernel(settings: WallSettings = FULL, files=None):
    """Start a kernel and end it afterwards."""
    started = Kernel(settings, files)
    try:
        yield started
    finally:
        started.close()


def run(code: str, settings: WallSettings = FULL, **files: bytes) -> str:
    """Return what code says in a kernel of its own."""
    with kernel(settings, files) as started:
        return started.run(code)


def processes_with(word: str) -> list[int]:
    """Return the processes of this machine with a word in their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if word in (folder / "cmdline").read_bytes().decode("utf-8", "replace"):
                found.append(int(folder.name))
    return found


def within(seconds: float, condition) -> bool:
    """Return whether a condition comes true in time; looked at often."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


# ---- Python for an ordinary user, where this one's may not read it


def closed_folder(path: str = sys.base_prefix) -> Path | None:
    """Return the outermost folder above `path` that an ordinary user may not enter."""
    for folder in reversed(Path(path).parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


@functools.cache
def cannot_open() -> str:
    """Return why Python cannot be shown to an ordinary user, "" if it can."""
    if os.getuid() != 0 or closed_folder() is None:
        return ""
    tried = subprocess.run(
        [*opening(), sys.executable, "-c", ""], capture_output=True, text=True, check=False
    )
    return (
        ""
        if tried.returncode == 0
        else f"Python under {closed_folder()} cannot be shown: {tried.stderr}"
    )


def opening() -> list[str]:
    """Return a command, to stand before another one, that shows Python to ordinary users.

    In mounts of its own, the closed folder is replaced by one with nothing but Python in it.
    """
    closed = closed_folder()
    if os.getuid() != 0 or closed is None:
        return []
    script = (
        f'set -e; aside=$(mktemp -d); mount --bind "{sys.base_prefix}" "$aside"; '
        f'mount -t tmpfs -o mode=0755 tmpfs "{closed}"; mkdir -p "{sys.base_prefix}"; '
        f'mount --move "$aside" "{sys.base_prefix}"; rmdir "$aside"; exec "$@"'
    )
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]


@contextlib.contextmanager
def open_python(monkeypatch):
    """Let zygotes without an outer wall, which give up root, read Python."""
    if reason := cannot_open():
        pytest.skip(reason)
    plain = outer_wall.without

    def opened(*arguments):
        start = plain(*arguments)
        return dataclasses.replace(start, command=[*opening(), *start.command])

    with monkeypatch.context() as patched:
        patched.setattr(outer_wall, "without", opened)
        yield


numbers = itertools.count(os.getpid() * 1000)  # no two tests look for the same process
