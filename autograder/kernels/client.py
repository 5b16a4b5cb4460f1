"""A kernel client without fixed waits, which survives whatever a kernel may send."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from traitlets import DottedObjectName, Type

LARGEST_PART = 16 * 2**20  # bytes of one part of a message; who sends a larger one is disconnected
QUEUED_MESSAGES = 64
MILLISECONDS_TO_SEND = 1000


class CautiousChannel(AsyncZMQSocketChannel):
    """A channel that passes over whatever is no rightly signed message of the protocol."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message. Raises `Empty` after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                message = await super().get_msg(left)
            except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
                message = None
            if _is_message(message):
                return message
            if deadline is not None and time.monotonic() > deadline:
                raise Empty

    def send(self, msg: dict[str, Any]) -> None:
        """Send a message. Raises DeadKernelError if the kernel has broken its connection."""
        try:
            super().send(msg)
        except zmq.Again:
            raise DeadKernelError("Kernel died") from None


class PromptKernelClient(AsyncKernelClient):
    """Knows that a kernel is ready as soon as it is.

    The stock client listens to the output channel for 0.2 s after the first reply. One
    `kernel_info` request whose idle status was seen there proves as much: the subscription is live
    and nothing is queued.
    """

    shell_channel_class = Type(CautiousChannel)
    iopub_channel_class = Type(CautiousChannel)
    stdin_channel_class = Type(CautiousChannel)
    control_channel_class = Type(CautiousChannel)

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> zmq.Socket:
        """Connect to a channel, with limits to what may wait in this process's memory."""
        self.context.sockopts |= {
            zmq.MAXMSGSIZE: LARGEST_PART,
            zmq.RCVHWM: QUEUED_MESSAGES,
            zmq.SNDTIMEO: MILLISECONDS_TO_SEND,  # without a connection, sending would wait for ever
        }
        return super()._create_connected_socket(channel, identity)

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
    client_factory = Type(
        klass="jupyter_client.client.KernelClient", default_value=PromptKernelClient
    )


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("msg_type"), str):
        return False
    parts = [message.get(part) for part in ("header", "parent_header", "content", "metadata")]
    if not all(isinstance(part, dict) for part in parts):
        return False
    return not message["msg_type"].endswith("_reply") or isinstance(
        message["content"].get("status"), str
    )
