"""A student's kernel behind walls: forked warm from a zygote, at the other end of a connection."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat import NotebookNode

from autograder import walls
from autograder.execution import Limits, StudentKernel
from autograder.kernels import zygotes
from autograder.kernels.messages import Kind, Message
from autograder.kernels.piped import PipedKernel
from autograder.kernels.settings import WallSettings

SECONDS_TO_STOP = 2.0


class WalledKernel(StudentKernel):
    """One submission's kernel behind the walls of `settings`.

    It has run the cells of `opening` already, and sends what they put out when it is asked to. They
    must be an author's, the first that will be run, and `opening_files` those of `files` that they
    may find.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        files: Mapping[str, bytes],
        limits: Limits,
        settings: WallSettings | None = None,
        opening: tuple[str, ...] = (),
        opening_files: Mapping[str, bytes] = MappingProxyType({}),
    ):
        super().__init__(notebook, files, limits)
        self.settings = settings or walls.standard_settings()
        self.opening = opening
        self.opening_files = opening_files

    def _run(self, coroutine):
        """Run a coroutine here: nothing that this kernel waits for needs an event loop."""
        try:
            coroutine.send(None)
        except StopIteration as done:
            return done.value
        raise RuntimeError(f"{coroutine.__qualname__} waits for an event loop")

    async def _start(self) -> None:
        zygote = zygotes.zygote_for(self.settings, walls.font_list())
        opened = None
        if self.opening and not self.restarts:  # what is run again need not begin with these
            opened = zygote.opened(self.opening, self.opening_files, self.limits.cell_seconds)
        self._kernel = PipedKernel(opened or zygote, self.files, self.limits.startup_seconds)
        self._client = self._new_client()
        self._listens = True

    async def _stop(self) -> None:
        if self._client is not None:
            self._client = None
            self._kernel.end()

    async def _run_source(self, client, cell: NotebookNode, index: int) -> None:
        cell.outputs = []
        client.clear_before_next_output = False
        if not cell.source.strip():
            return
        deadline = time.monotonic() + client.timeout
        self._listens = False
        try:
            number = self._kernel.ask(Kind.CELL, cell.source.encode(), deadline)
            while True:
                if time.monotonic() > deadline:  # looked at here: messages may never cease to come
                    if client.timed_out:
                        return
                    client.timed_out = True
                    self._kernel.interrupt()
                    deadline = time.monotonic() + SECONDS_TO_STOP
                try:
                    message = self._kernel.receive(deadline)
                except TimeoutError:
                    continue
                if message.number != number:
                    continue  # late, from an earlier cell
                for output in _outputs(message):
                    with contextlib.suppress(CellExecutionComplete):
                        client.process_message(output, cell, index)
                if message.kind == Kind.DONE:
                    self._listens = True
                    return
        except OSError:
            raise DeadKernelError("Kernel died") from None

    async def _responds(self) -> bool:
        return self._listens

    async def _exchange(self, message: bytes) -> bytes:
        deadline = time.monotonic() + self.limits.batch_seconds
        try:
            self._number = self._kernel.ask(Kind.CALL, message, deadline)
            return self._answer(deadline)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise DeadKernelError("Kernel died") from None

    def _answer(self, deadline: float) -> bytes:
        while time.monotonic() < deadline:
            message = self._kernel.receive(deadline)
            if message.kind == Kind.ANSWER and message.number == self._number:
                return message.content
        raise TimeoutError

    async def _interrupt(self) -> bool:
        """Interrupt the call; return whether the harness answers."""
        self._kernel.interrupt()
        with contextlib.suppress(OSError):  # which TimeoutError is, too
            self._answer(time.monotonic() + SECONDS_TO_STOP)
            return True
        return False


def prepare(cells: tuple[str, ...]) -> None:
    """Make ready for cells that kernels of this process will run: an author's, nothing secret.

    Raises `kernels.host.NoWalls`, or `zygotes.ZygoteError` if there is no zygote.
    """
    zygotes.zygote_for(walls.standard_settings(), walls.font_list()).prepare(cells)


def _outputs(message: Message) -> Iterator[dict]:
    """Yield a message's outputs as the Jupyter protocol has them; what is none is left out."""
    if message.kind not in (Kind.OUTPUT, Kind.DONE):
        return
    for line in message.content.split(b"\n"):
        try:
            output = json.loads(line) if line else None
        except (ValueError, RecursionError):
            continue
        match output:
            case {"msg_type": str(kind), "content": dict(), "metadata": dict()}:
                yield output | {"header": {"msg_type": kind}, "parent_header": {}}
