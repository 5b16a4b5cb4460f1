"""The zygote: one single-threaded process that forks a private kernel for each request.

Its argument is the number of the control socket, whose first message says how to start. It ends
when the trusted process closes the socket or dies. The socket may bring more such lines.

Asked to, it forks another one, in which the first cells of a notebook have run.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import sys
import threading
import time
import traceback
from pathlib import Path

from . import (
    archives,
    inner_walls,
    landlock,
    namespaces,
    piped_kernel,
    protocol,
    syscalls,
    warm_kernel,
)
from .settings import WallSettings


def main() -> None:
    """Warm up, say so, and fork until the control socket is closed."""
    started = time.perf_counter()
    gc.disable()  # a collection would find next to nothing, and later copy pages that forks share
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    order, _ = protocol.receive(control)
    if order is None:
        return
    settings = WallSettings.from_json(order["settings"])
    paths = landlock.Paths(order["readable"], order["listable"])
    plans = inner_walls.Plans(settings, base64.b64decode(order["filter"]), paths)
    if order["user"] is not None:
        syscalls.give_up_root(order["user"])
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    _take_font_list(order["fonts"])
    app = warm_kernel.warm_up(settings.preload, settings.startup)
    piped_kernel.warm_up(app)
    gc.freeze()
    ready = {"ready": round(time.perf_counter() - started, 3), "threads": threading.active_count()}
    protocol.send(control, ready)
    line: socket.socket | None = control
    while line is not None and (fork := _serve(line, app, plans)) is not None:
        line = _be_fork(app, plans, *fork)


def _take_font_list(folder: str | None) -> None:
    """Copy the list to where Matplotlib keeps it, which would search for fonts for seconds."""
    for path in Path(folder).glob("fontlist-*.json") if folder else ():
        shutil.copyfile(path, Path(os.environ["MPLCONFIGDIR"]) / path.name)


class _Lines:
    """The connections over which kernels are asked for, and the kernels of each.

    A line's kernels are killed when its other end is closed: nobody is there to end them.
    """

    def __init__(self, first: socket.socket):
        self.first = first
        self.poll = select.poll()
        self.of: dict[int, socket.socket] = {}
        self.children: dict[int, tuple[socket.socket, int]] = {}
        self.add(first)

    def add(self, line: socket.socket) -> None:
        line.set_inheritable(False)
        self.of[line.fileno()] = line
        self.poll.register(line, select.POLLIN)

    def end(self, line: socket.socket) -> None:
        self.poll.unregister(line)
        del self.of[line.fileno()]
        line.close()
        for pid, (owner, _) in self.children.items():
            if owner is line:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def _serve(control, app, plans) -> tuple | None:
    """Fork what is asked for until the control socket is closed.

    In a fork, return what `_be_fork` needs, so that no fork runs deeper in the stack than another:
    it would have less of it.
    """
    woken, waker = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    lines = _Lines(control)
    lines.poll.register(woken, select.POLLIN)
    while True:
        for descriptor, _ in lines.poll.poll():
            if descriptor == woken:
                os.read(woken, 4096)
                _reap(lines)
                continue
            line = lines.of[descriptor]
            try:
                request, descriptors = protocol.receive(line)
            except ConnectionError:
                request, descriptors = None, []
            if request is None:
                if line is control:
                    return None
                lines.end(line)
                continue
            if "line" in request:
                lines.add(socket.socket(fileno=descriptors[0]))
                continue
            if "cells" in request:
                piped_kernel.prepare_cells(app, request["cells"])
                continue
            try:
                pid = os.fork()
            except OSError as error:  # no more processes or memory: later requests may fare better
                protocol.send(line, {"refused": request["id"], "reason": str(error)})
                continue
            if pid == 0:
                return request, descriptors, (lines, woken, waker)
            lines.children[pid] = line, request["id"]
            handle = os.pidfd_open(pid)
            _tell(line, {"forked": request["id"], "pid": pid}, (handle,))
            for used in (handle, *descriptors):
                os.close(used)


def _reap(lines: _Lines) -> None:
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        line, number = lines.children.pop(pid, (lines.first, None))
        ended = {"ended": number, "status": status}
        ended |= {"user": usage.ru_utime, "system": usage.ru_stime, "memory": usage.ru_maxrss}
        _tell(line, ended)


def _tell(line: socket.socket, message: dict, descriptors: tuple[int, ...] = ()) -> None:
    with contextlib.suppress(OSError):  # who asked is gone; its end of the line says so soon
        protocol.send(line, message, descriptors)


def _be_fork(app, plans, request, descriptors, inherited) -> socket.socket:
    """Become one kernel; or, when the first cells have run, return the line to fork kernels for."""
    try:
        lines, woken, waker = inherited
        signal.set_wakeup_fd(-1)
        for line in lines.of.values():
            line.close()
        os.close(woken)
        os.close(waker)
        given = dict(zip(request["descriptors"], descriptors, strict=True))
        if "line" in given:
            return _run_opening(app, plans, request, given)
        _be_kernel(app, plans, request, given)
    except BaseException:  # whatever it is, this process must not return into the zygote's loop
        traceback.print_exc(file=sys.__stderr__)
        sys.__stderr__.flush()
    os._exit(1)


def _be_kernel(app, plans, request, given) -> None:
    inner_walls.raise_walls(plans, request, given)
    gc.enable()
    kernel = piped_kernel if "pipe" in given else warm_kernel
    kernel.finish(app, request, given)


def _run_opening(app, plans, request, given) -> socket.socket:
    line = socket.socket(fileno=given["line"])
    line.set_inheritable(False)
    cells = [content for _, content in archives.unpack(given["cells"])]
    os.close(given["cells"])
    inner_walls.enter_place(plans, given.get("files"))
    folders = namespaces.WORK, namespaces.TEMPORARY, namespaces.SHARED_MEMORY
    reason = piped_kernel.open_with(app, cells, request["seed"], folders)
    protocol.send(line, {"declined": reason} if reason else {"ready": True})
    if reason:
        os._exit(0)
    return line


if __name__ == "__main__":
    main()
