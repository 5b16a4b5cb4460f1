"""Messages of any size over one connection, to which many threads and processes may write.

The connection is a SOCK_SEQPACKET socket: each packet arrives whole. A message goes in packets that
carry their thread, so that those of several senders may alternate without a lock, which a fork
could leave locked for ever.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from dataclasses import dataclass
from enum import IntEnum

LARGEST = 2**25  # bytes of a message, and of all that have not arrived whole
_CONTENT = 2**16  # bytes of a packet's content
_HEAD = struct.Struct("<IIB?")  # thread, number, kind, whether it is the last of its message


class Kind(IntEnum):
    """What a message is. The number ties an answer to its request."""

    READY = 0  # from the kernel: its walls are up
    CELL = 1  # run this source
    OUTPUT = 2  # from the kernel: outputs of that cell, each a line of JSON
    DONE = 3  # from the kernel: that cell's last outputs
    CALL = 4  # make these calls
    ANSWER = 5  # from the kernel: what they came to


@dataclass(frozen=True)
class Message:
    """One message."""

    kind: int
    number: int
    content: bytes


def send(connection: socket.socket, kind: Kind, number: int, content: bytes = b"") -> None:
    """Send one message. Raises OSError if the other side is gone, or TimeoutError as sockets do."""
    thread, view = threading.get_native_id(), memoryview(content)
    for start in range(0, len(view) or 1, _CONTENT):
        last = start + _CONTENT >= len(view)
        head = _HEAD.pack(thread, number, kind, last)
        connection.sendmsg([head, view[start : start + _CONTENT]])


class Receiver:
    """Puts the packets of a connection together to messages."""

    def __init__(self, connection: socket.socket):
        self._connection = connection
        self._parts: dict[tuple, bytearray] = {}
        self._waiting = 0

    def receive(self, deadline: float | None = None) -> Message:
        """Return the next message.

        Raises TimeoutError if there is none before `deadline` (of `time.monotonic`), and
        ConnectionError if the other side is gone or sends what is no message.
        """
        while True:
            if deadline is not None:
                self._connection.settimeout(max(1e-3, deadline - time.monotonic()))
            packet = self._connection.recv(_HEAD.size + _CONTENT)
            if len(packet) < _HEAD.size:
                raise ConnectionResetError("the other side is gone, or sends no messages")
            thread, number, kind, last = _HEAD.unpack_from(packet)
            sender = thread, number, kind
            if last and sender not in self._parts:
                return Message(kind, number, packet[_HEAD.size :])
            part = self._parts.setdefault(sender, bytearray())
            part += packet[_HEAD.size :]
            self._waiting += len(packet)
            if self._waiting > LARGEST:
                raise ConnectionResetError(f"a message of more than {LARGEST} bytes")
            if last:
                content = bytes(self._parts.pop(sender))
                self._waiting = sum(map(len, self._parts.values()))
                return Message(kind, number, content)
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError("the message did not arrive in time")
