"""Where servers and kernels of tests listen, so that nobody takes the place before they do."""

import random
import socket
import tempfile
from contextlib import contextmanager

from traitlets.config import Config

# Below the ports that Linux gives to connections and to those who ask for any.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Return a port of loopback on which a server can be started."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


@contextmanager
def sockets():
    """Settings of Jupyter by which kernels, one after another, listen on files.

    Ports are chosen a second before a kernel has them, and may be somebody else's by then.
    """
    with tempfile.TemporaryDirectory() as folder:  # of a short name: sockets may have no long one
        yield Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/k"}})


def as_options(settings: Config) -> list[str]:
    """Return settings as options of a Jupyter command."""
    return [
        f"--{name}.{key}={value}" for name, keys in settings.items() for key, value in keys.items()
    ]
