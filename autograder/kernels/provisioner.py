"""A Jupyter kernel provisioner whose kernels are forked from a walled zygote.

Entry point `lossgrad-walled` of the group `jupyter_client.kernel_provisioners`: a kernelspec whose
metadata names it (`{"kernel_provisioner": {"provisioner_name": "lossgrad-walled", "config":
{...}}}`) gets walled kernels in any Jupyter program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
from pathlib import Path
from typing import Any

import matplotlib
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Dict, Instance, default

from . import cgroups, host, zygotes
from .settings import Allowance, WallSettings

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")  # in the order of their ports, from 1
SECONDS_TO_START = 30.0
SECONDS_TO_END = 5.0


class WalledProvisioner(KernelProvisionerBase):
    """Provides one walled kernel. Waits are events on a pidfd, never polls."""

    settings = Instance(WallSettings)
    allowance = Dict(help="What a submission may use; see settings.Allowance.").tag(config=True)
    files: dict[str, bytes] | None = None
    pid: int | None = None
    handle: int | None = None
    folder: Path | None = None
    group: cgroups.Group | None = None

    @default("settings")
    def _settings_default(self) -> WallSettings:
        return host.best(WallSettings())

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel that has not been seen to end."""
        return self.handle is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Take the arguments `walls` and `files` of `start_kernel`, if given."""
        settings = kwargs.pop("walls", None) or self.settings
        self.files = kwargs.pop("files", None)
        if self.allowance:
            settings = WallSettings(
                **settings.__dict__ | {"allowance": Allowance(**self.allowance)}
            )
        # A first start takes seconds, which others on this event loop need not wait for.
        self._zygote = await asyncio.to_thread(_ready_zygote, settings)
        if self.folder is not None and self.folder.parent == self._zygote.run:
            self._zygote.clean(self.folder)  # restarted: clients go on with the addresses they know
        else:
            self.folder = self._zygote.own_folder()
        manager = self.parent
        manager.transport, manager.ip = "ipc", str(self.folder / "k")
        for number, channel in enumerate(CHANNELS, 1):
            setattr(manager, f"{channel}_port", number)
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Have a kernel forked, and wait until its walls are up and its sockets served."""
        try:
            await self._launch()
        except BaseException:
            await self.kill()
            await self.cleanup()
            raise
        return self.connection_info

    async def _launch(self) -> None:
        started, ready = os.pipe()
        with contextlib.ExitStack() as given:
            given.callback(os.close, started)
            descriptors = {}
            for number, channel in enumerate(CHANNELS, 1):
                listener = given.enter_context(socket.socket(socket.AF_UNIX))
                listener.bind(str(self.folder / f"k-{number}"))
                listener.listen()
                descriptors[channel] = listener.fileno()
            with contextlib.ExitStack() as only_until_forked:
                only_until_forked.callback(os.close, ready)
                descriptors["ready"] = ready
                self.group = cgroups.own(self._zygote.settings.allowance)
                if self.group is not None:
                    descriptors["cgroup"] = self.group.open_processes()
                    only_until_forked.callback(os.close, descriptors["cgroup"])
                key = self.parent.session.key.decode()
                fork = self._zygote.fork(self.folder, key, descriptors, self.files)
            self.pid, self.handle = fork.pid, fork.handle
            await self._until_ready(started)

    async def _until_ready(self, started: int) -> None:
        async with asyncio.timeout(SECONDS_TO_START):
            await _readable(started)
        if not os.read(started, 1):
            raise RuntimeError(
                f"the walled kernel died while it started: {self._zygote.last_words()}"
            )

    async def poll(self) -> int | None:
        """Return None while the kernel runs."""
        if self.handle is None:
            return 0
        waiting = select.poll()
        waiting.register(self.handle, select.POLLIN)
        return 0 if waiting.poll(0) else None

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        if self.handle is not None:
            await _readable(self.handle)
            self._forget()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, or to the supervisor that passes it on."""
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signum)

    async def kill(self, restart: bool = False) -> None:
        """End all processes of the kernel, and wait until they are gone."""
        if "pid" in self._zygote.settings.inner:
            await self.send_signal(signal.SIGTERM)  # to the supervisor, which ends after all others
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_TO_END):
                    await self.wait()
        await self.send_signal(signal.SIGKILL)
        await self.wait()

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel as `kill` does: it has nothing to save."""
        await self.kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """End the kernel at once: after this, KernelManager polls for a polite end every 0.1 s."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove what the kernel used outside of its walls."""
        if self.group is not None:
            self.group.end()
            self.group = None
        if not restart and self.folder is not None:
            zygotes.remove(self.folder)
            self.folder = None

    def _forget(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


def _ready_zygote(settings: WallSettings) -> zygotes.Line:
    zygote = zygotes.zygote_for(settings, Path(matplotlib.get_cachedir()))
    zygote.await_start()
    return zygote


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(descriptor, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)
