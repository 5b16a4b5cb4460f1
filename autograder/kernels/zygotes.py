"""Zygotes as the trusted process sees them: starting one, asking it for kernels, ending it."""

from __future__ import annotations

import atexit
import base64
import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import landlock, outer_wall, protocol, seccomp
from .settings import WallSettings

SECONDS_TO_START = 60.0


class ZygoteError(OSError):
    """The zygote did not start or has died; the message says what it said last."""


@dataclass(frozen=True)
class Fork:
    """A running kernel: its process as seen from here, and a descriptor that tells when it has ended."""

    pid: int
    handle: int


class Zygote:
    """One zygote process. Safe to use from several threads; a context manager."""

    def __init__(self, settings: WallSettings, fonts: Path | None = None):
        self.settings = settings
        self.run = Path(tempfile.mkdtemp(prefix="lg-"))  # short: a socket's path has at most 107 bytes
        self._lock = threading.Lock()
        self._count = 0
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            start = self._start_command(fonts)
            self.sockets = start.sockets
            self.user = start.user
            self._process = self._launch(start, theirs)
        except OSError:
            shutil.rmtree(self.run, ignore_errors=True)
            raise
        finally:
            theirs.close()
        self._control = ours
        self._control.settimeout(SECONDS_TO_START)
        self._await_start()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the zygote's process is running."""
        return self._process.poll() is None

    def fork(
        self, name: str, key: str, bound: int, calls: int | None, files: Mapping[str, bytes] | None = None
    ) -> Fork:
        """Have a kernel forked.

        `name` is its directory of sockets below `run`, `key` signs its messages, `bound` gets one byte when its sockets
        are bound, `calls` is a connection for calls of functions, `files` go into its working directory.
        Raises ZygoteError if the zygote is gone.
        """
        descriptors = {"bound": bound} | ({} if calls is None else {"calls": calls})
        archive = _pack(files) if files else None
        if archive is not None:
            descriptors["files"] = archive
        try:
            with self._lock:
                self._count += 1
                request = self._request(name, key) | {"descriptors": list(descriptors), "id": self._count}
                return self._ask(request, tuple(descriptors.values()))
        except OSError as error:
            raise ZygoteError(f"the zygote is gone: {error}; {self._last_words()}") from error
        finally:
            if archive is not None:
                os.close(archive)

    def own_directory(self, name: str) -> Path:
        """Make the directory for one kernel's sockets (and files, where there is no file system of its own)."""
        folder = self.run / name
        for path in (folder, folder / "work", folder / "tmp"):
            path.mkdir(mode=0o700)
            if self.user is not None:
                os.chown(path, self.user, self.user)
        return folder

    def close(self) -> None:
        """End the zygote and all its kernels."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
        shutil.rmtree(self.run, ignore_errors=True)

    def _start_command(self, fonts):
        if self.settings.outer:
            return outer_wall.behind(self.settings, self.run, fonts)
        return outer_wall.without(self.settings, self.run)

    def _launch(self, start, theirs) -> subprocess.Popen:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the zygote)
        passed = {
            "LOSSGRAD_CONTROL": str(theirs.fileno()),
            "LOSSGRAD_FILTER": base64.b64encode(self._filter()).decode(),
            "LOSSGRAD_SETTINGS": self.settings.to_json(),
            "LOSSGRAD_USER": "" if start.user is None else str(start.user),
        }
        command, environment = list(start.command), dict(start.environment)
        if self.settings.outer:
            place = command.index("--")
            command[place:place] = [part for item in passed.items() for part in ("--setenv", *item)]
        else:
            environment |= passed
        return subprocess.Popen(
            command,
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
            start_new_session=True,
        )

    def _filter(self) -> bytes:
        if "seccomp" not in self.settings.inner:
            return b""
        return seccomp.compile_filter(
            allow_processes="pid" in self.settings.inner,
            allow_signals="pid" in self.settings.inner or landlock.version() >= 6,
        )

    def _await_start(self) -> None:
        try:
            message, _ = protocol.receive(self._control)
        except OSError as error:
            message = None
            said = f"no word within {SECONDS_TO_START:g} seconds ({error})"
        else:
            said = self._last_words()
        if message is None:
            self.close_after_failure()
            raise ZygoteError(f"the sandbox could not be started: {said}")

    def close_after_failure(self) -> None:
        """Clean up a zygote that did not start."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self.close()

    def _request(self, name: str, key: str) -> dict:
        own = f"{self.sockets}/{name}"
        return {
            "key": key,
            "seed": secrets.randbits(32),
            "sockets": self.sockets,
            "own_sockets": own,
            "ip": f"{own}/k",
            "folder": f"{own}/work",
            "readable": outer_wall.readable_python() + [f"{self.sockets}/modules"],
        }

    def _ask(self, request: dict, descriptors: tuple[int, ...]) -> Fork:
        protocol.send(self._control, request, descriptors)
        while True:
            message, received = protocol.receive(self._control)
            if message is None:
                raise ConnectionResetError("it closed the connection")
            if message.get("forked") == request["id"]:
                return Fork(message["pid"], received[0])

    def _last_words(self) -> str:
        with contextlib.suppress(ValueError):
            self._errors.seek(0)
            lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:300] if lines else "it said nothing"
        return "it said nothing"


def _pack(files: Mapping[str, bytes]) -> int:
    """Return a descriptor of the files in memory: for each a line with size and name, and its bytes."""
    archive = os.memfd_create("files")
    with os.fdopen(os.dup(archive), "wb") as stream:
        for name, content in files.items():
            if "\n" in name or name.startswith("/") or ".." in Path(name).parts:
                continue
            stream.write(f"{len(content)} {name}\n".encode() + content)
    return archive


_zygotes: dict[tuple[int, str], Zygote] = {}
_zygotes_lock = threading.Lock()


def zygote_for(settings: WallSettings, fonts: Path | None = None) -> Zygote:
    """Return this process's zygote for these settings, started on first use and again if it has died."""
    key = (os.getpid(), settings.to_json())
    with _zygotes_lock:
        zygote = _zygotes.get(key)
        if zygote is not None and not zygote.alive:
            zygote.close()
            zygote = None
        if zygote is None:
            zygote = _zygotes[key] = Zygote(settings, fonts)
            atexit.register(_close, key)
        return zygote


def _close(key) -> None:
    zygote = _zygotes.pop(key, None)
    if zygote is not None and key[0] == os.getpid():
        zygote.close()
