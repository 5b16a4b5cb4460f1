"""Messages between the trusted process and a zygote: JSON and descriptors over a local socket."""

from __future__ import annotations

import array
import json
import os
import socket

MAX_MESSAGE = 1 << 17
_MAX_DESCRIPTORS = 16


def send(connection: socket.socket, message: dict, descriptors: tuple[int, ...] = ()) -> None:
    """Send one message (SOCK_SEQPACKET keeps its bounds) and the descriptors that go with it."""
    data = json.dumps(message).encode()
    if len(data) > MAX_MESSAGE:
        raise ValueError(f"a message of {len(data)} bytes is too long; at most {MAX_MESSAGE}")
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
    connection.sendmsg([data], rights if descriptors else [])


def receive(connection: socket.socket) -> tuple[dict | None, list[int]]:
    """Return the next message and its descriptors; None when the other side is gone."""
    space = socket.CMSG_SPACE(_MAX_DESCRIPTORS * array.array("i").itemsize)
    data, ancillary, _, _ = connection.recvmsg(MAX_MESSAGE, space)
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return (json.loads(data) if data else None), list(descriptors)
