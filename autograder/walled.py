"""A student's kernel behind walls: forked warm from a zygote, with a connection of its own for calls."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import signal
from collections.abc import Mapping

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from autograder import wire
from autograder.execution import Limits, StudentKernel, harness_source
from autograder.kernels import host
from autograder.kernels.client import PromptKernelManager
from autograder.kernels.settings import WallSettings
from autograder.kernels.specs import WalledKernelSpecs

HIDDEN = ("autograder", "solutions")  # packages of ours, should they be installed among the libraries
SECONDS_TO_STOP = 2.0


@functools.cache
def standard_settings() -> WallSettings:
    """Return the walls that grading uses on this host.

    Raises `host.NoWalls`, which says what is missing, if it has the means for none.
    """
    settings = WallSettings(
        startup=harness_source(), hidden=HIDDEN, environment={"NBGRADER_EXECUTION": "autograde"}
    )
    return host.best(settings)


class WalledKernel(StudentKernel):
    """One submission's kernel behind the walls of `settings`."""

    def __init__(
        self,
        notebook: NotebookNode,
        files: Mapping[str, bytes],
        limits: Limits,
        settings: WallSettings | None = None,
    ):
        super().__init__(notebook, files, limits)
        self.settings = settings or standard_settings()

    def _new_manager(self) -> PromptKernelManager:
        return PromptKernelManager(kernel_name="python3", kernel_spec_manager=WalledKernelSpecs())

    async def _launch(self, manager: PromptKernelManager) -> None:
        await manager.start_kernel(walls=self.settings, files=self.files)
        self._calls = manager.provisioner.calls
        self._calls.setblocking(False)

    async def _install_harness(self) -> None:
        """Do nothing: the zygote has it installed."""

    def _clean_up(self) -> None:
        """Do nothing: all files of the submission went with its processes."""

    async def _exchange(self, message: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self._calls, len(message).to_bytes(4, "little") + message)
            return await asyncio.wait_for(self._receive(), self.limits.batch_seconds)
        except (ConnectionError, BrokenPipeError):
            raise DeadKernelError("Kernel died") from None

    async def _receive(self) -> bytes:
        size = int.from_bytes(await self._receive_exactly(4), "little")
        if size > wire.MAX_MESSAGE:
            raise ConnectionResetError("the reply is larger than any that the harness sends")
        return await self._receive_exactly(size)

    async def _receive_exactly(self, size: int) -> bytes:
        loop = asyncio.get_running_loop()
        parts = bytearray()
        while len(parts) < size:
            part = await loop.sock_recv(self._calls, size - len(parts))
            if not part:
                raise ConnectionResetError("the kernel closed the connection")
            parts += part
        return bytes(parts)

    async def _interrupt(self) -> bool:
        """Interrupt the call; return whether the harness answers, which says where the next answer starts."""
        await self._client.km.provisioner.send_signal(signal.SIGINT)
        with contextlib.suppress(TimeoutError, ConnectionError):
            await asyncio.wait_for(self._receive(), SECONDS_TO_STOP)
            return True
        return False
