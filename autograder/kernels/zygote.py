"""The zygote: one single-threaded process that forks a private kernel for each request.

Run as a program with the control socket as descriptor 3 (or $LOSSGRAD_CONTROL) and its settings in
$LOSSGRAD_SETTINGS. It ends when the trusted process closes the socket or dies.
"""

from __future__ import annotations

import base64
import gc
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback

from . import inner_walls, protocol, syscalls, warm_kernel
from .settings import WallSettings


def main() -> None:
    """Warm up, say so, and fork until the control socket is closed."""
    started = time.perf_counter()
    control = socket.socket(fileno=int(os.environ.pop("LOSSGRAD_CONTROL", "3")))
    settings = WallSettings.from_json(os.environ.pop("LOSSGRAD_SETTINGS"))
    instructions = base64.b64decode(os.environ.pop("LOSSGRAD_FILTER", ""))
    _become(os.environ.pop("LOSSGRAD_USER", ""))
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    app = warm_kernel.warm_up(settings.preload, settings.startup)
    gc.collect()
    gc.freeze()
    gc.disable()  # a collection would touch, and so copy, pages that all forks share
    ready = {"ready": round(time.perf_counter() - started, 3), "threads": threading.active_count()}
    protocol.send(control, ready)
    _serve(control, app, settings, instructions)


def _become(user: str) -> None:
    """Give up root for good, if started as root: no limit on processes holds for it."""
    if not user:
        return
    os.setgroups([])
    os.setresgid(int(user), int(user), int(user))
    os.setresuid(int(user), int(user), int(user))
    # Changing user made /proc/self belong to root, and a user namespace could not be set up.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)


def _serve(control, app, settings, instructions) -> None:
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
            pid = os.fork()
            if pid == 0:
                _be_kernel(app, settings, instructions, request, descriptors, (control, woken, waker))
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


def _be_kernel(app, settings, instructions, request, descriptors, inherited) -> None:
    """Become one kernel; never returns."""
    try:
        control, woken, waker = inherited
        signal.set_wakeup_fd(-1)
        control.close()
        os.close(woken)
        os.close(waker)
        names = request["descriptors"]
        given = dict(zip(names, descriptors, strict=True))
        request["files"] = given.get("files")
        inner_walls.raise_walls(settings, request, instructions)
        gc.enable()
        calls = socket.socket(fileno=given["calls"]) if "calls" in given else None
        warm_kernel.finish(app, request, given["bound"], calls)
    except BaseException:  # whatever it is, this process must not return into the zygote's loop
        traceback.print_exc(file=sys.__stderr__)
        sys.__stderr__.flush()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
