"""A student's kernel: runs the student's cells, and answers calls of the student's functions.

The kernel is another process. Cells go through nbclient; calls go as `autograder.wire` messages
through the `user_expressions` of an execute request, to a harness installed in the kernel before
the student's first cell. Whatever comes back is data: JSON of the Jupyter protocol, parsed, never
evaluated. A kernel that hangs or dies is replaced, and the cells that had worked are run again in
the new one.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, ValidationError

from autograder import nodes, walls, wire
from autograder.shipped import harness_source
from autograder.submission import Call, Outcome, read_replies, request


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds of wall time, bytes of output, kernel restarts."""

    startup_seconds: float = 60.0
    cell_seconds: float = 30.0
    call_seconds: float = 5.0
    batch_seconds: float = 10.0
    notebook_seconds: float = 300.0
    output_bytes: int = 2 * 2**20
    restarts: int = 3


class KernelGone(Exception):
    """The kernel died or had to be killed; the message is a sentence for the student."""


class StudentKernel:
    """One submission's kernel; a context manager, and a `Transport` for `Submission`.

    This one is an ordinary process without walls: for one's own notebooks. `autograder.walled` has
    the other.
    """

    def __init__(self, notebook: NotebookNode, files: Mapping[str, bytes], limits: Limits):
        self.begin(notebook, files, limits)
        self.restarts = 0
        self._worked: list[int] = []  # indices of the cells to run again after a restart
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: _Client | None = None

    def __enter__(self) -> StudentKernel:
        try:
            self._run(self._start())
        except BaseException:
            self._close_loop()
            raise
        return self

    def __exit__(self, *_) -> None:
        try:
            self._run(self._stop())
        finally:
            self._close_loop()

    def begin(self, notebook: NotebookNode, files: Mapping[str, bytes], limits: Limits) -> None:
        """Set what is run; the time for it begins now."""
        self.notebook = notebook
        self.files = files
        self.limits = limits
        self._deadline = time.monotonic() + limits.notebook_seconds

    def run_cell(self, index: int) -> None:
        """Run one of the student's code cells; it keeps its outputs, time-outs and deaths."""
        cell = self.notebook.cells[index]
        try:
            if self._run(self._execute(cell, index, self.limits.cell_seconds)):
                self._worked.append(index)
        except KernelGone as gone:
            cell.outputs.append(_error_output("KernelDied", str(gone)))

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make calls in the kernel. A hang or a death is the outcome of every call of the batch."""
        try:
            message = request(calls, self.limits.call_seconds)
        except wire.WireError as error:
            return [Outcome(problem="unreadable", detail=f"The call is too large: {error}.")] * len(
                calls
            )
        try:
            return read_replies(self._run(self._ask(message)), calls)
        except TimeoutError:
            detail = "It did not finish in time. Is there a loop that never ends?"
            return [Outcome(problem="timeout", detail=detail)] * len(calls)
        except KernelGone as gone:
            return [Outcome(problem="died", detail=str(gone))] * len(calls)

    # ---- one kernel

    def _run(self, coroutine):
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(coroutine)

    def _close_loop(self) -> None:
        if self._loop is not None:
            self._loop.close()

    async def _start(self):
        self._client = self._new_client(km=AsyncKernelManager(kernel_name="python3"))
        await self._launch(self._client.km)
        await self._client.async_start_new_kernel_client()
        await self._install_harness()

    def _new_client(self, **options) -> _Client:
        client = _Client(
            self.notebook,
            timeout=int(self.limits.cell_seconds),
            startup_timeout=int(self.limits.startup_seconds),
            interrupt_on_timeout=True,
            error_on_timeout=_TIMED_OUT,
            allow_errors=True,
            # It broke its connection for outputs: no later cell would have any.
            raise_on_iopub_timeout=True,
            store_widget_state=False,
            record_timing=False,
            **options,
        )
        client.output_bytes = self.limits.output_bytes
        return client

    async def _launch(self, manager: AsyncKernelManager) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lossgrad-"))
        write_files(self._folder, self.files)
        environment = _environment(self._folder)
        sockets = str(self._folder / HOME / "k")
        if os.name == "posix" and len(os.fsencode(sockets)) < LONGEST_SOCKET:
            # Rather than on ports, which may be somebody else's before the kernel has them.
            manager.transport, manager.ip = "ipc", sockets
        await manager.start_kernel(
            cwd=str(self._folder),
            env=environment,
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def _install_harness(self) -> None:
        await self._request(BOOTSTRAP, {}, self.limits.startup_seconds)

    async def _stop(self):
        client, self._client = self._client, None
        if client is None:
            return
        if client.kc is not None:
            client.kc.stop_channels()
        await client.km.shutdown_kernel(now=True)
        self._clean_up()

    def _clean_up(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _restart(self, reason: str):
        """Replace the kernel, run again what had worked, and raise `KernelGone` with the reason."""
        while True:
            await self._stop()
            self.restarts += 1
            if (
                self.restarts > self.limits.restarts
                or time.monotonic() > self._deadline
                or await self._start_and_repeat()
            ):
                raise KernelGone(reason)

    async def _start_and_repeat(self) -> bool:
        """Start a kernel in which what had worked is run again; return whether it lives.

        A cell that worked once and kills the kernel now is not run a third time.
        """
        await self._start()
        for index in list(self._worked):
            copy = NotebookNode(self.notebook.cells[index], outputs=[])
            try:
                worked = await self._execute(copy, index, self.limits.cell_seconds, replay=True)
            except KernelGone:
                self._worked.remove(index)
                return False
            if not worked:
                self._worked.remove(index)
        return True

    # ---- cells

    async def _execute(self, cell, index, seconds, *, replay=False) -> bool:
        """Run a cell; return whether it is worth running again after a restart."""
        client = self._alive()
        kept = self.notebook.cells[index]
        client.begin_cell(int(max(1, min(seconds, self._deadline - time.monotonic()))))
        try:
            await self._run_source(client, cell, index)
        except DeadKernelError:
            return await self._gone(replay, "The kernel died while this cell ran.")
        except CellTimeoutError:
            return await self._gone(
                replay, "The outputs of this cell could not be read; were they very large?"
            )
        finally:
            self.notebook.cells[index] = kept
        if client.flooded:
            cell.outputs.append(
                _error_output("OutputLimit", "The output of this cell was cut off here.")
            )
        if not client.timed_out:
            return True
        cell.outputs.append(
            _error_output("TimeLimit", f"This cell was stopped after {client.timeout} seconds.")
        )
        if not await self._responds():
            await self._gone(replay, "The cell could not be stopped, so the kernel was replaced.")
        return False

    async def _run_source(self, client: _Client, cell, index) -> None:
        """Run a cell into its outputs.

        Raises DeadKernelError, or CellTimeoutError if outputs do not arrive.
        """
        await client.async_execute_cell(cell, index)

    async def _gone(self, replay, reason):
        if replay:
            raise KernelGone(reason)
        return await self._restart(reason)

    def _alive(self) -> _Client:
        if time.monotonic() > self._deadline:
            raise KernelGone(
                f"The notebook ran longer than {self.limits.notebook_seconds:g} seconds."
            )
        if self._client is None:
            raise KernelGone("The kernel died too often; nothing more was run in it.")
        return self._client

    async def _responds(self) -> bool:
        try:
            await self._request("", {}, 2.0)
        except (TimeoutError, DeadKernelError):
            return False
        return True

    # ---- calls

    async def _ask(self, message: bytes) -> bytes:
        self._alive()
        try:
            return await self._exchange(message)
        except TimeoutError:
            if await self._interrupt():
                raise
            await self._restart("It did not finish in time and could not be stopped.")
        except DeadKernelError:
            await self._restart("The kernel died during this call. Did it run out of memory?")

    async def _exchange(self, message: bytes) -> bytes:
        """Send a message to the harness and return its answer.

        Raises TimeoutError after the time for a batch, DeadKernelError if the kernel is gone.
        """
        expression = f"__lossgrad__('{base64.b64encode(message).decode()}')"
        return _reply_bytes(
            await self._request("", {"reply": expression}, self.limits.batch_seconds)
        )

    async def _interrupt(self) -> bool:
        """Interrupt the kernel; return whether it answers again."""
        with contextlib.suppress(RuntimeError):  # raised if there is no kernel left to interrupt
            await self._client.km.interrupt_kernel()
        return await self._responds()

    async def _request(self, code: str, expressions: dict, seconds: float) -> dict:
        """Send an execute request and return the content of its reply.

        Raises TimeoutError after `seconds`, DeadKernelError if the kernel is gone.
        """
        kc = self._client.kc
        message_id = kc.execute(code, silent=True, user_expressions=expressions, allow_stdin=False)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                reply = await kc.shell_channel.get_msg(timeout=min(left, 0.5))
            except Empty:
                if not await kc.is_alive():
                    raise DeadKernelError("Kernel died") from None
                continue
            if reply["parent_header"].get("msg_id") == message_id:
                return reply["content"]
        raise TimeoutError


class _Client(NotebookClient):
    """nbclient's cell runner with a cap on output, and without widgets."""

    output_bytes = 2**20

    def begin_cell(self, seconds: int) -> None:
        self.timeout = seconds
        self.received = 0
        self.timed_out = False

    @property
    def flooded(self) -> bool:
        return self.received > self.output_bytes

    async def _async_handle_timeout(self, timeout, cell=None):
        self.timed_out = True
        return await super()._async_handle_timeout(timeout, cell)

    def process_message(self, msg, cell, cell_index):
        try:
            return self._process_message(msg, cell, cell_index)
        except _MALFORMED:  # it lacks what its kind must have; only hostile code sends such
            return None

    def _process_message(self, msg, cell, cell_index):
        kind = msg["msg_type"]
        if kind.startswith("comm"):
            return None
        if kind != "status":
            self.received += sum(map(len, map(str, _leaves(msg["content"]))))
            if self.flooded and kind in (
                "stream",
                "display_data",
                "execute_result",
                "update_display_data",
            ):
                return None
        return super().process_message(msg, cell, cell_index)


def _leaves(content):
    for value in content.values():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield value


def _reply_bytes(content: dict) -> bytes:
    """Return the harness's message from the content of an execute reply; b"" if it is not there."""
    match content:
        case {"user_expressions": {"reply": {"data": {"text/plain": str(text)}}}}:
            found = re.fullmatch(r"'([A-Za-z0-9+/]*={0,2})'", text)
            return base64.b64decode(found[1]) if found and len(found[1]) % 4 == 0 else b""
    return b""


def _error_output(name: str, sentence: str) -> NotebookNode:
    return nodes.error(name, sentence, [f"{name}: {sentence}"])


def _environment(folder: Path) -> dict[str, str]:
    """Return the kernel's whole environment, of the lecturer's only what Python needs to start."""
    home = folder / HOME
    fonts = home / "matplotlib"
    fonts.mkdir(parents=True, exist_ok=True)
    # Without a font list there, Matplotlib would search the machine's fonts for seconds in each
    # kernel.
    for cache in walls.font_list().glob("fontlist-*.json"):
        shutil.copyfile(cache, fonts / cache.name)
    passed = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "TZ", "VIRTUAL_ENV")
        if name in os.environ
    }
    return passed | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(fonts),
        "NBGRADER_EXECUTION": "autograde",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder by their relative paths."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


BOOTSTRAP = f"exec({harness_source()!r}, {{'get_ipython': get_ipython}})"
HOME = ".home"
LONGEST_SOCKET = 100  # bytes, of 104 or 108, without the number at its end
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, RecursionError, ValidationError)
_TIMED_OUT = {"ename": "TimeLimit", "evalue": "", "traceback": []}
