"""Zygotes as the trusted process sees them: starting one, asking it for kernels, ending it."""

from __future__ import annotations

import atexit
import base64
import contextlib
import logging
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from . import archives, landlock, outer_wall, protocol, seccomp
from .settings import WallSettings

log = logging.getLogger(__name__)

SECONDS_TO_START = 60.0
SECONDS_TO_END = 5.0
MOST_OPENINGS = 3  # kept at a time for a line; each takes some 25 MiB


class ZygoteError(OSError):
    """The zygote did not start or has died; the message says what it said last."""


@dataclass(frozen=True)
class Fork:
    """A running kernel: its process as seen from here, and a descriptor to see it end."""

    pid: int
    handle: int


class Line:
    """A connection over which a zygote is asked for kernels. Safe to use from several threads."""

    def __init__(self, settings: WallSettings, run: Path, control: socket.socket, errors, user):
        self.settings = settings
        self.run = run
        self._control = control
        self._errors = errors
        self._user = user
        self._lock = threading.Lock()
        self._count = 0
        self._prepared: set[tuple[str, ...]] = set()
        self._opening = threading.Lock()
        self._opened: dict[tuple, _OpenedLine | None] = {}  # the one used last is the last
        control.settimeout(SECONDS_TO_START)

    @property
    def alive(self) -> bool:
        """Whether the zygote is at the other end."""
        if self._control.fileno() < 0:
            return False
        try:
            return not self._has_sent() or bool(self._control.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _has_sent(self) -> bool:
        if self._control.fileno() < 0:
            return False
        sent = select.poll()
        sent.register(self._control, select.POLLIN)
        return bool(sent.poll(0))

    def await_start(self) -> None:
        """Wait until the zygote is ready. Raises ZygoteError if it could not be started."""

    def fork(
        self,
        folder: Path,
        key: str,
        descriptors: Mapping[str, int],
        files: Mapping[str, bytes] | None = None,
    ) -> Fork:
        """Have a kernel forked.

        `folder` is one that `own_folder` made, `key` signs its messages; `descriptors` are those
        that `warm_kernel.finish` or `piped_kernel.finish` needs. `files` by relative path go into
        its working directory.
        Raises ZygoteError if the zygote is gone or cannot fork.
        """
        descriptors = dict(descriptors)
        with contextlib.ExitStack() as only_until_forked:
            if files:
                descriptors["files"] = archives.pack(files)
                only_until_forked.callback(os.close, descriptors["files"])
            return self._fork(self._request(folder, key), descriptors)

    def _fork(self, request: dict, descriptors: Mapping[str, int]) -> Fork:
        try:
            with self._lock:
                self._count += 1
                request = request | {"descriptors": list(descriptors), "id": self._count}
                return self._ask(request, tuple(descriptors.values()))
        except OSError as error:
            raise ZygoteError(f"no kernel from the zygote: {error}; {self.last_words()}") from error

    def prepare(self, cells: tuple[str, ...]) -> None:
        """Have the zygote make ready for cells that its kernels will run: an author's, not secret.

        Raises ZygoteError if it is gone.
        """
        if not cells or cells in self._prepared:
            return
        try:
            with self._lock:
                self.await_start()
                for cell in cells:
                    with contextlib.suppress(ValueError):  # too long for a message; it does without
                        protocol.send(self._control, {"cells": [cell]})
        except OSError as error:
            raise ZygoteError(f"the zygote is gone: {error}; {self.last_words()}") from error
        self._prepared.add(cells)

    def opened(
        self, cells: tuple[str, ...], files: Mapping[str, bytes], seconds: float
    ) -> Line | None:
        """Return a line to kernels in which these cells, an author's, have run beside these files.

        It is closed with this one. None if each kernel has to run them: they fail, take more than
        `seconds`, leave what forks would not have, or the walls do not allow for it.
        Raises ZygoteError if the zygote is gone.
        """
        if not (self.settings.outer and {"user", "mount"} <= set(self.settings.inner)):
            return None
        key = cells, frozenset(files.items())
        with self._opening:
            line = self._opened.pop(key, None) if key in self._opened else self._open(*key, seconds)
            if line is not None and not line.alive:
                line = self._open(*key, seconds)
            self._opened[key] = line
            while len(self._opened) > MOST_OPENINGS:
                del self._opened[next(iter(self._opened))]
            return line

    def _open(self, cells, files, seconds: float) -> _OpenedLine | None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, contextlib.ExitStack() as only_until_forked:
            descriptors = {"line": theirs.fileno()}
            contents = {"cells": {str(n): cell.encode() for n, cell in enumerate(cells)}}
            for name, content in (contents | {"files": dict(files)}).items():
                descriptors[name] = archives.pack(content)
                only_until_forked.callback(os.close, descriptors[name])
            fork = self._fork({"seed": secrets.randbits(32)}, descriptors)
        line = _OpenedLine(self, ours, fork.handle)
        reason = line.await_cells(seconds)
        if not reason:
            return line
        log.info("each kernel runs its first %d cells itself: %s", len(cells), reason)
        line.close()
        return None

    def own_folder(self) -> Path:
        """Make a folder for one kernel's sockets, and its files if it has no file system."""
        folder = Path(tempfile.mkdtemp(prefix="", dir=self.run))
        self.clean(folder)
        return folder

    def clean(self, folder: Path) -> None:
        """Make a kernel's folder ready for the next kernel: nothing of the one before is left."""
        for path in folder.iterdir():
            remove(path) if path.is_dir() else path.unlink()
        if not self.settings.outer:
            (folder / "own").mkdir(mode=0o700)
            if self._user is not None:
                folder.chmod(0o711)
                os.chown(folder / "own", self._user, self._user)

    def last_words(self) -> str:
        """Return the last line that the zygote, or a kernel while it started, wrote as an error."""
        with contextlib.suppress(ValueError, OSError):
            size = os.fstat(self._errors.fileno()).st_size
            tail = os.pread(self._errors.fileno(), 4096, max(0, size - 4096))
            lines = tail.decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:300] if lines else "it said nothing"
        return "it said nothing"

    def close(self) -> None:
        """End the line and the kernels asked for over it."""
        while self._opened:
            if (line := self._opened.popitem()[1]) is not None:
                line.close()
        self._control.close()

    def leave(self) -> None:
        """In a forked child: leave the line to the parent."""
        for line in self._opened.values():
            if line is not None:
                line.leave()
        self._control.close()

    def _request(self, folder: Path, key: str) -> dict:
        # Without a file system of its own, a kernel's files are in its folder; behind bubblewrap
        # alone, in /tmp.
        own = f"/tmp/{folder.name}" if self.settings.outer else str(folder / "own")
        return {"key": key, "seed": secrets.randbits(32), "ip": str(folder / "k"), "own": own}

    def _ask(self, request: dict, descriptors: tuple[int, ...]) -> Fork:
        protocol.send(self._control, request, descriptors)
        while True:
            message, received = protocol.receive(self._control)
            if message is None:
                raise ConnectionResetError("it closed the connection")
            if message.get("refused") == request["id"]:
                raise BlockingIOError(message["reason"])
            if message.get("forked") == request["id"]:
                return Fork(message["pid"], received[0])


class _OpenedLine(Line):
    """A line to a zygote, forked from another one, in which the first cells have run.

    It ends with the last reference to it: until then there may be kernels of it.
    """

    def __init__(self, line: Line, control: socket.socket, handle: int):
        super().__init__(line.settings, line.run, control, line._errors, line._user)
        self.end = weakref.finalize(self, _end_process, handle, control)
        self.end.atexit = False

    def await_cells(self, seconds: float) -> str:
        """Wait until the cells have run; return why kernels cannot go on from there, or ""."""
        self._control.settimeout(seconds)
        try:
            message, _ = protocol.receive(self._control)
        except OSError as error:
            return str(error)
        self._control.settimeout(SECONDS_TO_START)
        return "they ended the process" if message is None else message.get("declined", "")

    def close(self) -> None:
        """End it, whatever it does, and so its kernels."""
        super().close()
        self.end()

    def leave(self) -> None:
        """In a forked child: leave the line to the parent."""
        super().leave()
        if (ending := self.end.detach()) is not None:
            os.close(ending[2][0])


def _end_process(handle: int, control: socket.socket) -> None:
    control.close()
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    os.close(handle)


class Zygote(Line):
    """One zygote process, and the first line to it. A context manager.

    `fonts` is the folder in which Matplotlib keeps its list of fonts. The process starts while its
    maker goes on; the first fork waits for it.
    """

    def __init__(self, settings: WallSettings, fonts: Path | None = None):
        # Short: a socket's path has at most 107 bytes.
        run = Path(tempfile.mkdtemp(prefix="lg-"))
        errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the zygote)
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(settings, run, control, errors, None)
        self._process: subprocess.Popen | None = None
        self._starting = threading.Lock()
        try:
            with theirs:
                start = self._start_command(fonts)
                self._user = start.user
                self._process = self._launch(start, theirs.fileno())
            protocol.send(control, self._order(start))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the zygote's process is running."""
        return self._process is not None and self._process.poll() is None

    def lines(self, count: int) -> list[Line]:
        """Return more lines, for processes forked from this one.

        Kernels asked for over a line end with it.
        """
        made = []
        for _ in range(count):
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                protocol.send(self._control, {"line": True}, (theirs.fileno(),))
            made.append(Line(self.settings, self.run, ours, self._errors, self._user))
        return made

    def _ask(self, request: dict, descriptors: tuple[int, ...]) -> Fork:
        self.await_start()
        return super()._ask(request, descriptors)

    def close(self) -> None:
        """End the zygote and all its kernels."""
        # One that is ready hears that nobody is there any more; another one is not waited for.
        hears = self._started or self._has_sent()
        super().close()
        if self._process is not None:
            if not (hears and self._ends(SECONDS_TO_END)):
                self._process.kill()
            self._process.wait()
        self._errors.close()
        remove(self.run)

    def _ends(self, seconds: float) -> bool:
        """Wait for the process to end; `Popen.wait` with a limit looks only now and then."""
        if self._process.poll() is not None:
            return True
        handle = os.pidfd_open(self._process.pid)
        try:
            ended = select.poll()
            ended.register(handle, select.POLLIN)
            return bool(ended.poll(1000 * seconds))
        finally:
            os.close(handle)

    _started = False

    def _start_command(self, fonts):
        raising = outer_wall.behind if self.settings.outer else outer_wall.without
        return raising(self.settings, self.run, fonts)

    def _launch(self, start, control: int) -> subprocess.Popen:
        """Start the process from a thread that lives as long as it.

        It asks to be killed when its parent dies, and the parent is the thread that started it: one
        of the caller's, such as a worker of a pool, may end before.
        """
        if threading.current_thread() is threading.main_thread():
            return self._popen(start, control)
        started: Future = Future()

        def keep() -> None:
            try:
                process = self._popen(start, control)
            except BaseException as error:
                started.set_exception(error)
                return
            started.set_result(process)
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

        threading.Thread(target=keep, name="zygote", daemon=True).start()
        return started.result()

    def _popen(self, start, control: int) -> subprocess.Popen:
        return subprocess.Popen(
            [*start.command, str(control)],
            env=start.environment,
            cwd="/",  # nothing is imported from where this process happens to be
            pass_fds=[control],
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
            start_new_session=True,
        )

    def _order(self, start) -> dict:
        inner = self.settings.inner
        instructions = b""
        if "seccomp" in inner:
            instructions = seccomp.compile_filter(
                namespaces="landlock" not in inner, signal_scope=landlock.version() >= 6
            )
        paths = landlock.Paths()
        if "landlock" in inner:
            hidden = outer_wall.hidden_folders(self.settings.hidden)
            paths = landlock.paths_beside(
                [*outer_wall.readable_roots(), str(self.run / "modules")], hidden
            )
        return {
            "settings": self.settings.to_json(),
            "filter": base64.b64encode(instructions).decode(),
            "user": start.user,
            "fonts": start.fonts,
            "readable": paths.readable,
            "listable": paths.listable,
        }

    def await_start(self) -> None:
        """Wait until it is ready. Raises ZygoteError if it could not be started."""
        with self._starting:
            if not self._started:
                self._await_start()

    def _await_start(self) -> None:
        try:
            message, _ = protocol.receive(self._control)
        except OSError as error:
            raise ZygoteError(
                f"the sandbox did not start ({error}); {self.last_words()}"
            ) from error
        if message is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(SECONDS_TO_END)
            raise ZygoteError(f"the sandbox could not be started: {self.last_words()}")
        self._started = True


def remove(folder: Path) -> None:
    """Remove a folder in which a submission may have written, whatever it made there."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):  # folders without permissions, or thousands deep
        for command in (["chmod", "-R", "u+rwX", "--"], ["rm", "-rf", "--"]):
            subprocess.run([*command, folder], check=False, stderr=subprocess.DEVNULL)


_zygotes: dict[str, Line] = {}
# Entered again by a signal's handler that ends the process.
_zygotes_lock = threading.RLock()


def zygote_for(settings: WallSettings, fonts: Path | None = None) -> Line:
    """Return this process's line to a zygote for these settings.

    The zygote is started on first use, or if it has died.
    """
    key = settings.to_json()
    with _zygotes_lock:
        line = _zygotes.get(key)
        if line is not None and not line.alive:
            _zygotes.pop(key).close()
            line = None
        if line is None:
            line = _zygotes[key] = Zygote(settings, fonts)
        return line


def adopt(line: Line) -> None:
    """Let this process use a line that the one it was forked from made for it."""
    with _zygotes_lock:
        _zygotes[line.settings.to_json()] = line


def close_all() -> None:
    """End all zygotes of this process."""
    with _zygotes_lock:
        while _zygotes:
            _zygotes.popitem()[1].close()


def _forget_all() -> None:
    """In a forked child: leave the parent's zygotes to the parent."""
    global _zygotes_lock
    _zygotes_lock = threading.RLock()
    while _zygotes:
        _zygotes.popitem()[1].leave()


atexit.register(close_all)
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forget_all)
