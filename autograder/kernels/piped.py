"""A walled kernel as the trusted process sees it: a process, and a connection to it.

No event loop and no zmq: who grades waits for one kernel at a time.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Mapping

from . import cgroups, messages, zygotes
from .messages import Kind, Message

SECONDS_TO_END = 5.0


class PipedKernel:
    """One forked kernel. `end` leaves nothing of it.

    Raises zygotes.ZygoteError if it cannot be forked, or dies before it is ready.
    """

    def __init__(self, zygote: zygotes.Line, files: Mapping[str, bytes], seconds: float):
        self._zygote = zygote
        self._folder = self._zygote.own_folder()
        self._group: cgroups.Group | None = None
        self._handle: int | None = None
        self._number = 0
        self._connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._receiver = messages.Receiver(self._connection)
        try:
            with theirs:
                self._fork(files, theirs.fileno())
            self._await_ready(time.monotonic() + seconds)
        except BaseException:
            self.end()
            raise

    def _fork(self, files: Mapping[str, bytes], pipe: int) -> None:
        descriptors = {"pipe": pipe}
        with contextlib.ExitStack() as only_until_forked:
            self._group = cgroups.own(self._zygote.settings.allowance)
            if self._group is not None:
                descriptors["cgroup"] = self._group.open_processes()
                only_until_forked.callback(os.close, descriptors["cgroup"])
            fork = self._zygote.fork(self._folder, "", descriptors, files)
        self._handle = fork.handle

    def _await_ready(self, deadline: float) -> None:
        try:
            self.receive(deadline)
        except OSError as error:
            raise zygotes.ZygoteError(
                f"the walled kernel died while it started: {self._zygote.last_words()}"
            ) from error

    def ask(self, kind: Kind, content: bytes, deadline: float) -> int:
        """Send a request and return its number. Raises OSError as `messages.send` does."""
        self._number = (self._number + 1) % 2**32
        self._connection.settimeout(max(1e-3, deadline - time.monotonic()))
        messages.send(self._connection, kind, self._number, content)
        return self._number

    def receive(self, deadline: float) -> Message:
        """Return the next message, as `messages.Receiver` does."""
        return self._receiver.receive(deadline)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in what runs there."""
        self._signal(signal.SIGINT)

    def end(self) -> None:
        """End all processes of the kernel, wait until they are gone, and remove what they used."""
        self._connection.close()
        if self._handle is not None:
            if "pid" in self._zygote.settings.inner:
                self._signal(signal.SIGTERM)  # to the supervisor, which ends after all others
                self._ended(SECONDS_TO_END)
            self._signal(signal.SIGKILL)
            self._ended(None)
            os.close(self._handle)
            self._handle = None
        if self._group is not None:
            self._group.end()
            self._group = None
        zygotes.remove(self._folder)
        self._zygote = None  # which may end with the last of its kernels

    def _signal(self, number: int) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def _ended(self, seconds: float | None) -> bool:
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        return bool(waiting.poll(None if seconds is None else seconds * 1000))
