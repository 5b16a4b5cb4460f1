"""A Jupyter kernel provisioner whose kernels are forked from a walled zygote.

Entry point `lossgrad-walled` of the group `jupyter_client.kernel_provisioners`: a kernelspec whose metadata names it
(`{"kernel_provisioner": {"provisioner_name": "lossgrad-walled", "config": {...}}}`) gets walled kernels in any
Jupyter program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import shutil
import signal
import socket
from pathlib import Path
from typing import Any

import matplotlib
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Dict, Instance, default

from . import host, zygotes
from .settings import Allowance, WallSettings

SECONDS_TO_BIND = 30.0


class WalledProvisioner(KernelProvisionerBase):
    """Provides one walled kernel. Waits are events on a pidfd, never polls."""

    settings = Instance(WallSettings)
    allowance = Dict(help="What a submission may use; see settings.Allowance.").tag(config=True)
    files: dict[str, bytes] | None = None
    calls: socket.socket | None = None
    pid: int | None = None
    handle: int | None = None
    folder: Path | None = None

    @default("settings")
    def _settings_default(self) -> WallSettings:
        return host.best(WallSettings())

    @property
    def has_process(self) -> bool:
        return self.handle is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Take the walls and files for this kernel from `start_kernel(walls=..., files=...)`, if given."""
        settings = kwargs.pop("walls", None) or self.settings
        self.files = kwargs.pop("files", None)
        if self.allowance:
            settings = WallSettings(**settings.__dict__ | {"allowance": Allowance(**self.allowance)})
        self._zygote = zygotes.zygote_for(settings, Path(matplotlib.get_cachedir()))
        self._name = self.kernel_id[:8]
        if self.folder is None:
            self.folder = self._zygote.own_directory(self._name)
        manager = self.parent
        manager.transport, manager.ip = "ipc", str(self.folder / "k")
        ports = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
        for number, port in enumerate(ports, 1):
            setattr(manager, port, number)
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        self.calls, theirs = socket.socketpair()
        listening, bound = os.pipe()
        try:
            key = self.parent.session.key.decode()
            fork = self._zygote.fork(self._name, key, bound, theirs.fileno(), self.files)
            self.pid, self.handle = fork.pid, fork.handle
            os.close(bound)
            bound = None
            await self._until_bound(listening)
        finally:
            theirs.close()
            os.close(listening)
            if bound is not None:
                os.close(bound)
        return self.connection_info

    async def _until_bound(self, listening: int) -> None:
        # Connecting before the kernel has bound its sockets would fail, and zmq tries again only 0.1 s later.
        await asyncio.wait_for(_readable(listening), SECONDS_TO_BIND)
        if not os.read(listening, 1):
            raise RuntimeError("the walled kernel died while it started")

    async def poll(self) -> int | None:
        if self.handle is None:
            return 0
        waiting = select.poll()
        waiting.register(self.handle, select.POLLIN)
        return 0 if waiting.poll(0) else None

    async def wait(self) -> int | None:
        if self.handle is not None:
            await _readable(self.handle)
            self._forget()
        return 0

    async def send_signal(self, signum: int) -> None:
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signum)

    async def kill(self, restart: bool = False) -> None:
        await self.send_signal(signal.SIGKILL)
        await self.wait()

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:
        # Asked before KernelManager starts to poll for a polite end, every 0.1 s.
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        if self.calls is not None:
            self.calls.close()
            self.calls = None
        if not restart and self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def _forget(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(descriptor, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)
