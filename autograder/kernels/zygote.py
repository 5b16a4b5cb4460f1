"""The zygote: one single-threaded process that forks a private kernel for each request.

Its argument is the number of the control socket, whose first message says how to start. It ends
when the trusted process closes the socket or dies.
"""

from __future__ import annotations

import base64
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

from . import inner_walls, landlock, protocol, syscalls, warm_kernel
from .settings import WallSettings


def main() -> None:
    """Warm up, say so, and fork until the control socket is closed."""
    started = time.perf_counter()
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
    gc.collect()
    gc.freeze()
    gc.disable()  # a collection would touch, and so copy, pages that all forks share
    ready = {"ready": round(time.perf_counter() - started, 3), "threads": threading.active_count()}
    protocol.send(control, ready)
    _serve(control, app, plans)


def _take_font_list(folder: str | None) -> None:
    """Copy the list to where Matplotlib keeps it, which would search for fonts for seconds."""
    for path in Path(folder).glob("fontlist-*.json") if folder else ():
        shutil.copyfile(path, Path(os.environ["MPLCONFIGDIR"]) / path.name)


def _serve(control, app, plans) -> None:
    woken, waker = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(woken, select.POLLIN)
    children: dict[int, int] = {}
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == woken:
                os.read(woken, 4096)
                _reap(control, children)
                continue
            request, descriptors = protocol.receive(control)
            if request is None:
                return
            try:
                pid = os.fork()
            except OSError as error:  # no more processes or memory: later requests may fare better
                protocol.send(control, {"refused": request["id"], "reason": str(error)})
                continue
            if pid == 0:
                _be_kernel(app, plans, request, descriptors, (control, woken, waker))
            children[pid] = request["id"]
            handle = os.pidfd_open(pid)
            protocol.send(control, {"forked": request["id"], "pid": pid}, (handle,))
            for used in (handle, *descriptors):
                os.close(used)


def _reap(control, children) -> None:
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        ended = {"ended": children.pop(pid, None), "status": status}
        ended |= {"user": usage.ru_utime, "system": usage.ru_stime, "memory": usage.ru_maxrss}
        protocol.send(control, ended)


def _be_kernel(app, plans, request, descriptors, inherited) -> None:
    """Become one kernel; never returns."""
    try:
        control, woken, waker = inherited
        signal.set_wakeup_fd(-1)
        control.close()
        os.close(woken)
        os.close(waker)
        given = dict(zip(request["descriptors"], descriptors, strict=True))
        inner_walls.raise_walls(plans, request, given)
        gc.enable()
        warm_kernel.finish(app, request, given)
    except BaseException:  # whatever it is, this process must not return into the zygote's loop
        traceback.print_exc(file=sys.__stderr__)
        sys.__stderr__.flush()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
