"""A student's kernel behind walls: forked warm from a zygote, with its own connection for calls."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import signal
from collections.abc import Mapping
from pathlib import Path

import matplotlib
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from autograder import wire
from autograder.execution import Limits, StudentKernel, harness_source
from autograder.kernels import host, zygotes
from autograder.kernels.client import PromptKernelManager
from autograder.kernels.settings import WallSettings
from autograder.kernels.specs import WalledKernelSpecs

# Packages of ours, should they be installed among the libraries.
HIDDEN = ("autograder", "solutions")
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


def start_zygote() -> None:
    """Start this process's zygote before the first submission needs it."""
    zygotes.zygote_for(standard_settings(), Path(matplotlib.get_cachedir()))


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
        self._received = bytearray()

    async def _install_harness(self) -> None:
        """Do nothing: the zygote has it installed."""

    def _clean_up(self) -> None:
        """Do nothing: all files of the submission went with its processes."""

    async def _exchange(self, message: bytes) -> bytes:
        frame = len(message).to_bytes(4, "little") + message
        try:
            async with asyncio.timeout(self.limits.batch_seconds):
                await asyncio.get_running_loop().sock_sendall(self._calls, frame)
                return await self._receive()
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise DeadKernelError("Kernel died") from None

    async def _receive(self) -> bytes:
        """Return the next frame. If interrupted, the next call goes on where this one stopped."""
        await self._fill(4)
        size = int.from_bytes(self._received[:4], "little")
        if size > wire.MAX_MESSAGE:
            raise ConnectionResetError("the reply is larger than any that the harness sends")
        await self._fill(4 + size)
        frame = bytes(self._received[4 : 4 + size])
        del self._received[: 4 + size]
        return frame

    async def _fill(self, size: int) -> None:
        loop = asyncio.get_running_loop()
        while (missing := size - len(self._received)) > 0:
            part = await loop.sock_recv(self._calls, missing)
            if not part:
                raise ConnectionResetError("the kernel closed the connection")
            self._received += part

    async def _interrupt(self) -> bool:
        """Interrupt the call; return whether the harness answers.

        Its answer says where the next one starts.
        """
        await self._client.km.provisioner.send_signal(signal.SIGINT)
        with contextlib.suppress(OSError):  # which TimeoutError is, too
            async with asyncio.timeout(SECONDS_TO_STOP):
                await self._receive()
                return True
        return False
