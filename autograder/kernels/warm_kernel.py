"""An ipykernel that is built before the fork as far as it can be, and finished after it.

Before: everything imported, the shell made, one cell run, one figure drawn, one traceback
formatted. After: sockets, threads, and the kernel object. No thread and no zmq context may exist
before the fork.

The kernel listens on sockets that the trusted process made and bound: it needs no folder that both
can write to.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import random
import sys
import types

import ipykernel
import ipykernel.ipkernel
import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets import Dict, Type

from . import drawing, warming

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")  # in the order of their ports, from 1

# Loaded by ipykernel only after its start, or only when first used.
LATER_IMPORTS = (
    "IPython.core.completer",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "IPython.lib.pretty",
    "PIL.PngImagePlugin",
    "contourpy",
    "faulthandler",
    "ipykernel.comm",
    "ipykernel.debugger",
    "matplotlib.backends.backend_agg",
    "pygments.formatters.terminal256",
    "stack_data",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
)
LARGEST_STREAM_MESSAGE = 2**20  # characters
INLINE = "module://matplotlib_inline.backend_inline"


class _Kernel(IPythonKernel):
    """The stock kernel, made without a walk through `sys.modules`, around an existing shell."""

    def __init__(self, **kwargs):
        # IPythonKernel looks for the debugger in all of sys.modules: some 1,500 page faults after a
        # fork.
        real = ipykernel.ipkernel.sys
        ipykernel.ipkernel.sys = types.SimpleNamespace(
            modules={},
            stdout=sys.stdout,
            stderr=sys.stderr,
            platform=sys.platform,
            version_info=sys.version_info,
        )
        try:
            super().__init__(**kwargs)
        finally:
            ipykernel.ipkernel.sys = real
        self.shell.kernel = self


class _Heartbeat(Heartbeat):
    def _try_bind_socket(self):
        _listen(self.socket, self.listener, f"{self.ip}-{self.port}")


class BoundedStream(OutStream):
    """The stock output stream, with small messages: clients cut off who sends very large ones.

    Who writes faster than is sent waits, rather than fill the memory.
    """

    def _schedule_flush(self):
        super()._schedule_flush()
        if sum(buffer.tell() for buffer in list(self._buffers.values())) > LARGEST_STREAM_MESSAGE:
            self.flush()

    def _flush_buffers(self):
        for parent, text in super()._flush_buffers():
            for start in range(0, len(text), LARGEST_STREAM_MESSAGE):
                yield parent, text[start : start + LARGEST_STREAM_MESSAGE]


class WarmKernel(IPKernelApp):
    """The stock kernel application, cut in two at the fork."""

    outstream_class = f"{__name__}.BoundedStream"

    kernel_class = Type(_Kernel, klass="ipykernel.kernelbase.Kernel").tag(config=True)

    listeners = Dict(help="The descriptors of bound sockets by port")

    def _try_bind_socket(self, s, port):
        _listen(s, self.listeners[port], f"{self.ip}-{port}")
        return port

    def init_control(self, context):
        """Make the control socket as usual, but without the debugger's way to the shell.

        Its path leads nowhere from here; zmq would try to connect for ever.
        """
        super().init_control(context)
        if endpoint := self.shell_socket.getsockopt(zmq.LAST_ENDPOINT):
            self.debug_shell_socket.disconnect(endpoint)

    def init_heartbeat(self):
        """Start the heart on the socket that was given."""
        self.heartbeat = _Heartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
        self.heartbeat.listener = self.listeners[self.hb_port]
        self.heartbeat.start()

    def init_connection_file(self):
        """Take the connection from the fork request instead of a file."""

    def write_connection_file(self, **_):
        """Write no file: the key stays out of the file system."""

    def init_iopub(self, context):
        """Make the output socket as the stock application does, but without its TCP pipe.

        The pipe would open an Internet socket, on whose refusal libzmq aborts the process. It
        serves output from child processes, which has a pipe of its own here.
        """
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = IOPubThread(self.iopub_socket, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket


def warm_up(preload: tuple[str, ...], startup: str) -> WarmKernel:
    """Do everything that a kernel does before it gets its first message and that survives a fork.

    Raises RuntimeError if inline figures would not work.
    """
    os.environ["MPLBACKEND"] = INLINE
    for module in (*LATER_IMPORTS, *preload):
        importlib.import_module(module)
    app = WarmKernel.instance()
    app.log_level = 40
    app.config.HistoryManager.enabled = False
    super(IPKernelApp, app).initialize([])
    app.init_pdb()
    shell = ZMQInteractiveShell.instance(
        parent=app,
        profile_dir=app.profile_dir,
        user_ns=None,
        compiler_class=ipykernel.ipkernel.XCachingCompiler,
    )
    if "matplotlib.pyplot" in preload:
        drawing.install(shell)
        warming.warm_figures(shell)
    warming.warm_cells(shell)
    if startup:
        exec(
            compile(startup, "<startup>", "exec"),
            {"__name__": "startup", "get_ipython": lambda: shell},
        )
    sys.path[:] = [path for path in sys.path if path not in ("", "/", *_own_paths())]
    return app


def finish(app: WarmKernel, request: dict, given: dict[str, int]) -> None:
    """Turn this fork into a running kernel; never returns.

    `request` has its seed, and the path and key of its connection. `given` are descriptors: the
    channels' bound sockets, and `ready`, which gets one byte when the walls are up and the sockets
    served.
    """
    prepare(app)
    seed_random_numbers(request["seed"])
    app.kernel_class.clear_instance()  # the one without zmq
    app.transport, app.ip = "ipc", request["ip"]
    app.listeners = {port: given[name] for port, name in enumerate(CHANNELS, 1)}
    for port, name in enumerate(CHANNELS, 1):
        setattr(app, f"{name}_port", port)
    app.session.key = request["key"].encode()
    app.init_sockets()
    be_silent()
    os.write(given["ready"], b"1")
    os.close(given["ready"])
    app.init_heartbeat()
    app.init_io()
    app.init_signal()
    app.init_kernel()
    app.init_path()
    app.init_shell()
    app.init_extensions()
    app.init_code()
    sys.stdout.flush()
    sys.stderr.flush()
    app.start()


def prepare(app: WarmKernel) -> None:
    """Give this fork an event loop of its own, and say what it is."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    app.connection_file = "/tmp/kernel.json"
    here = os.path.dirname(os.path.dirname(ipykernel.__file__))
    sys.argv[:] = [os.path.join(here, "ipykernel_launcher.py"), "-f", app.connection_file]
    app.init_blackhole()


def be_silent() -> None:
    """Put /dev/null in the place of the file, common to all forks, for errors at the start."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _listen(zmq_socket, listener: int, path: str) -> None:
    zmq_socket.setsockopt(zmq.USE_FD, listener)
    zmq_socket.bind(f"ipc://{path}")  # the name only; the descriptor is bound already


def seed_random_numbers(seed: int) -> None:
    """Seed the common generators: no two forks may draw the same numbers."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)


def _own_paths() -> list[str]:
    return [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
