"""A forked kernel whose cells, outputs and calls go through one connection in place of zmq.

It is the stock IPython kernel as `warm_kernel` makes it, with the same outputs; only the sockets,
the threads that serve them, and the signatures are left out, which cost more than a short notebook.
"""

from __future__ import annotations

import asyncio
import builtins
import functools
import gc
import os
import socket
import sys
import threading
import time
import types
from collections.abc import Callable

import ipykernel.ipkernel
from ipykernel.iostream import BackgroundSocket, IOPubThread
from jupyter_client.session import Session
from tornado.ioloop import IOLoop

from . import cell_texts, messages
from .messages import Kind, Message
from .opening import Opening, Surroundings, output_aside, restore_random_state
from .warm_kernel import (
    LARGEST_STREAM_MESSAGE,
    BoundedStream,
    WarmKernel,
    be_silent,
    prepare,
    seed_random_numbers,
)

# What changes a cell; nobody reads the rest of what the stock kernel publishes.
OUTPUTS = {
    "clear_output",
    "display_data",
    "error",
    "execute_input",
    "execute_result",
    "stream",
    "update_display_data",
}
SECONDS_TO_KEEP = 0.2
BYTES_TO_KEEP = 2**16


class _Session(Session):
    """Sends a cell's outputs through the connection, each as a line of JSON.

    They are kept for a moment, so that a short cell wakes the other side once.
    """

    def connect(self, send: Callable[[Kind, int, bytes], None]) -> None:
        """Send from now on by calling this with a kind, the number of the cell, and outputs."""
        self._send = send
        self._process = os.getpid()
        self._kept: list[bytes] = []
        self._first = 0.0

    def send(self, stream, msg_or_type, content=None, parent=None, metadata=None, **_):
        """Send a message that belongs to the cell of its parent, as the stock session does."""
        if isinstance(msg_or_type, dict):
            message = msg_or_type
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, metadata=metadata)
        kind, cell = message["msg_type"], message["parent_header"].get("msg_id", "")
        child = os.getpid() != self._process
        if kind not in OUTPUTS or not cell.isdigit() or (child and kind != "stream"):
            return message
        if kind == "execute_input":
            message["content"].pop("code", None)  # who sent it knows it
        line = self.pack({name: message[name] for name in ("msg_type", "content", "metadata")})
        if child:
            self._send(Kind.OUTPUT, int(cell), line)
        else:
            self._keep(int(cell), line)
        return message

    def _keep(self, cell: int, line: bytes) -> None:
        now = time.monotonic()
        self._first = self._first if self._kept else now
        self._kept.append(line)
        full = sum(map(len, self._kept)) > BYTES_TO_KEEP
        if full or now - self._first > SECONDS_TO_KEEP:
            self.send_kept(Kind.OUTPUT, cell)

    def send_kept(self, kind: Kind, cell: int) -> None:
        """Send what is kept."""
        kept, self._kept = self._kept, []
        self._send(kind, cell, b"\n".join(kept))


class _Publisher(IOPubThread):
    """Stands where the stock kernel has its thread for outputs; sends at once."""

    def __init__(self, session: _Session):
        self.session = session
        self.socket = None
        self.io_loop = None
        self.thread = None
        self.background_socket = BackgroundSocket(self)

    def schedule(self, f):
        """Do it now."""
        f()


class PipedStream(BoundedStream):
    """The stock output stream, sent when the cell ends, or by a write some time after another."""

    _since = None

    def _schedule_flush(self):
        now = time.monotonic()
        if self._since is None:
            self._since = now
        size = sum(buffer.tell() for buffer in list(self._buffers.values()))
        if now - self._since > self.flush_interval or size > LARGEST_STREAM_MESSAGE:
            self.flush()

    def _flush(self):
        self._since = None
        super()._flush()


class _Accepted:
    """Looks only once at the signature of the shell's function, which is asked for at each cell."""

    def __init__(self, look: Callable):
        self._look = functools.cache(lambda function, names: look(function, names))

    def __call__(self, function: Callable, names: list[str]) -> dict[str, bool]:
        return self._look(function, tuple(names))


def warm_up(app: WarmKernel) -> None:
    """Make the kernel before the fork, but for what is each one's own."""
    ipykernel.ipkernel._accepts_parameters = _Accepted(ipykernel.ipkernel._accepts_parameters)
    session = _Session(parent=app)
    publisher = _Publisher(session)
    app.kernel = kernel = app.kernel_class.instance(
        parent=app,
        session=session,
        iopub_thread=publisher,
        iopub_socket=publisher.background_socket,
        # It asks which thread may be interrupted.
        shell_channel_thread=types.SimpleNamespace(parent_thread=threading.main_thread()),
        log=app.log,
        profile_dir=app.profile_dir,
        user_ns=app.user_ns,
    )
    kernel._execute_sleep = 0.0  # a pause for zmq's sake
    app.init_path()
    app.init_shell()
    app.init_extensions()
    app.init_code()
    cell_texts.remember(kernel.shell.input_transformer_manager)
    app.opening = Opening()


def prepare_cells(app: WarmKernel, texts: list[str]) -> None:
    """Make ready for cells that kernels will run. They must be a trusted author's."""
    for text in texts:
        cell_texts.prepare(app.kernel.shell, text)


def finish(app: WarmKernel, request: dict, given: dict[str, int]) -> None:
    """Turn this fork into a running kernel; never returns.

    `request` has its seed; `given` its connection, `pipe`.
    """
    prepare(app)
    if app.opening.random_state is None:
        seed_random_numbers(request["seed"])
    else:
        restore_random_state(app.opening.random_state)
    connection = socket.socket(fileno=given["pipe"])
    be_silent()
    _begin(app, functools.partial(messages.send, connection))
    for stream in app.opening.streams:  # its cells may have kept them
        stream.write = getattr(sys, stream.name).write
    app.kernel.io_loop = loop = IOLoop.current()
    messages.send(connection, Kind.READY, 0)
    loop.add_callback(_serve, app, connection)
    loop.start()


def open_with(app: WarmKernel, sources: list[bytes], seed: int, folders: tuple[str, ...]) -> str:
    """Run the first cells of all kernels that will be forked from this process, an author's.

    Return why that cannot be: a cell fails, or leaves what forks would not have, such as a thread,
    or files in `folders`; "" if it can.
    """
    prepare(app)
    seed_random_numbers(seed)
    app.capture_fd_output = False  # that takes threads
    _begin(app, app.opening.record)
    before, loop = Surroundings(folders), IOLoop.current()
    gc.enable()
    with output_aside() as aside:
        reason = _run_opening(app, sources, loop)
        if os.fstat(aside).st_size:
            reason = reason or "output that went around Python's streams"
    gc.collect()  # what is only waiting for it is not left
    gc.disable()
    gc.freeze()  # as in the zygote
    reason = reason or before.left(loop.asyncio_loop)
    app.opening.random_state = before.random_state()
    app.opening.streams = sys.stdout, sys.stderr
    app.reset_io()
    app.capture_fd_output = True
    loop.close()
    return reason


def _run_opening(app: WarmKernel, sources: list[bytes], loop: IOLoop) -> str:
    app.kernel.io_loop, process = loop, os.getpid()
    for number, source in enumerate(sources, 1):
        app.opening.begin_cell(source)
        app.kernel.pre_handler_hook()
        loop.run_sync(functools.partial(_run_cell, app.kernel, Message(Kind.CELL, number, source)))
        if os.getpid() != process:
            os._exit(0)  # a child that left its cell
        app.kernel.post_handler_hook()
        app.kernel.session.send_kept(Kind.DONE, number)
        if not app.kernel.shell.last_execution_result.success:
            return f"cell {number} fails"
    return ""


def _begin(app: WarmKernel, send: Callable[[Kind, int, bytes], None]) -> None:
    """Let what this process prints and shows be sent by `send`."""
    kernel = app.kernel
    app.session, app.iopub_thread = kernel.session, kernel.iopub_thread
    app.iopub_socket = kernel.iopub_socket
    app.session.connect(send)
    app.outstream_class = f"{__name__}.PipedStream"
    app.init_io()
    app.init_signal()
    kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
    app.displayhook.get_execution_count = lambda: kernel.execution_count


async def _serve(app, connection: socket.socket) -> None:
    """Serve until the other side is gone or something fails; then the kernel ends, and shows it."""
    try:
        await _serve_requests(app.kernel, app.opening, connection)
    finally:
        app.kernel.io_loop.stop()


async def _serve_requests(kernel, opening: Opening, connection: socket.socket) -> None:
    """Run cells and answer calls, one after another. Raises OSError when the other side is gone."""
    answer: Callable | None = getattr(builtins, "__lossgrad_answer__", None)
    receiver, process = messages.Receiver(connection), os.getpid()
    inbox = _Inbox(connection)
    while True:
        await inbox.readable()
        message = receiver.receive()
        if message.kind == Kind.CELL and (sent := opening.next_sent(message.content)) is not None:
            for kind, content in sent:
                messages.send(connection, kind, message.number, content)
            continue
        try:
            kernel.pre_handler_hook()  # from here on, an interrupt raises KeyboardInterrupt
            if message.kind == Kind.CELL:
                await _run_cell(kernel, message)
            elif message.kind == Kind.CALL and answer is not None:
                reply = answer(message.content, kernel.shell.user_ns)
                messages.send(connection, Kind.ANSWER, message.number, reply)
                continue
        except KeyboardInterrupt:
            pass
        finally:
            if os.getpid() != process:
                os._exit(0)  # a child that left its cell must not go on as a second kernel
            kernel.post_handler_hook()
        if message.kind == Kind.CELL:
            kernel.session.send_kept(Kind.DONE, message.number)
        else:
            messages.send(connection, Kind.ANSWER, message.number)


async def _run_cell(kernel, message) -> None:
    content = {"code": message.content.decode(), "stop_on_error": False}
    parent = kernel.session.msg("execute_request", content)
    parent["msg_id"] = parent["header"]["msg_id"] = str(message.number)
    kernel.set_parent([], parent)
    await kernel.execute_request(None, [], parent)


class _Inbox:
    """A connection that the running event loop watches all the time, rather than anew each time."""

    def __init__(self, connection: socket.socket):
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Future | None = None
        self._loop.add_reader(connection, self._wake)

    async def readable(self) -> None:
        """Wait until there is something to read; whatever else the loop has to do is done."""
        self._waiting = self._loop.create_future()
        await self._waiting

    def _wake(self) -> None:
        if not self._waiting.done():
            self._waiting.set_result(None)
