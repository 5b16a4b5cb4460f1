"""A kernel client without fixed waits."""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import DottedObjectName, Type


class PromptKernelClient(AsyncKernelClient):
    """Knows that a kernel is ready as soon as it is.

    The stock client listens to the output channel for 0.2 s after the first reply. One `kernel_info` request
    whose idle status was seen there proves as much: the subscription is live and nothing is queued.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = time.monotonic() + (timeout or 60.0)
        while time.monotonic() < deadline:
            request = self.kernel_info()
            if await self._seen_idle(request):
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    wait_for_ready = _async_wait_for_ready

    async def _seen_idle(self, request: str) -> bool:
        try:
            reply = await self.shell_channel.get_msg(timeout=1)
            while reply["msg_type"] != "kernel_info_reply":
                reply = await self.shell_channel.get_msg(timeout=1)
            self._handle_kernel_info_reply(reply)
            while True:
                message = await self.iopub_channel.get_msg(timeout=0.05)
                ours = message["parent_header"].get("msg_id") == request
                if ours and message["content"].get("execution_state") == "idle":
                    return True
        except Empty:
            return False


class PromptKernelManager(AsyncKernelManager):
    """The stock manager with that client."""

    client_class = DottedObjectName(f"{__name__}.PromptKernelClient").tag(config=True)
    client_factory = Type(klass="jupyter_client.client.KernelClient", default_value=PromptKernelClient)
