"""The student's side of a call: runs named functions on given arguments and says what happened.

The source of this module (and of `autograder.wire`) is sent into the student's kernel, so it needs
only the standard library and NumPy. It holds nothing worth stealing, and nothing it says is
trusted: its replies are parsed as bytes by `autograder.submission`.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import io
import signal
import threading
import time
import traceback
import warnings

import numpy as np

from autograder import wire

MAX_PRINTED = 1_000  # characters kept of what a call prints
CALLS_IN_A_BATCH = 1.8  # calls that may use up their time before the whole batch has


class CallTimeout(BaseException):
    """Raised inside a student's function that runs too long; no `Exception`, which it may catch."""


class _Capture(io.StringIO):
    """Keeps the first characters written and forgets the rest."""

    def write(self, text):
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(str(text)[:room])
        return len(text)


def serve(namespace: dict, request: str) -> str:
    """Answer a request in base64, both ways as `autograder.wire` messages.

    The request is a dict of `calls` (a list of (name, arguments) pairs) and `seconds` per call; the
    reply is a list of dicts as `run_calls` returns them.
    """
    return base64.b64encode(answer(base64.b64decode(request), namespace)).decode()


def answer(message: bytes, namespace: dict) -> bytes:
    """Answer a request as `serve` does, both as plain `autograder.wire` messages."""
    asked = wire.decode(message, formulas=True)
    return encode_replies(run_calls(namespace, asked["calls"], asked["seconds"]))


def encode_replies(replies: list[dict]) -> bytes:
    """Return the replies as one message; values too large, alone or together, are left out of it.

    Their replies say `oversized` instead, or `unreadable` if the value fails to describe itself.
    """
    replies = [_brief(reply) for reply in replies]
    with contextlib.suppress(Exception):
        return wire.encode(replies)
    fitting = [_without_value(reply) for reply in replies]
    for i, reply in enumerate(replies):
        trial = [*fitting[:i], reply, *fitting[i + 1 :]]
        try:
            wire.encode(trial)
        except wire.WireError:
            continue
        except Exception:  # the methods of a student's own type may raise anything
            fitting[i]["status"] = "unreadable"
            continue
        fitting = trial
    return wire.encode(fitting)


def run_calls(namespace: dict, calls: list, seconds: float | None) -> list[dict]:
    """Call functions of `namespace` by name, one after another, each at most `seconds` long.

    All of them together may take `CALLS_IN_A_BATCH` times as long. Returns one dict per call:
    `status` (ok, missing, raised, timeout, skipped), `value`, `modified` (indices of the arguments
    that the call changed), `printed`, `error` (type, message, line of code), `seconds`. After a
    time-out the remaining calls are skipped.
    """
    replies = []
    left = None if seconds is None else CALLS_IN_A_BATCH * seconds
    limit = contextlib.nullcontext() if seconds is None else _alarms()
    with warnings.catch_warnings(), limit:
        warnings.simplefilter("ignore")
        for name, arguments in calls:
            if replies and replies[-1]["status"] in ("timeout", "skipped"):
                replies.append(_reply("skipped"))
            elif not callable(namespace.get(name)):
                kind = type(namespace[name]).__qualname__ if name in namespace else ""
                replies.append(_reply("missing", error=[kind, "", ""]))
            else:
                replies.append(_run(namespace[name], arguments, left and min(seconds, left)))
                left = left and max(left - replies[-1]["seconds"], 1e-3)
    return replies


def _brief(reply):
    """Leave out what is as in `ORDINARY`, and the time, which only this side needs."""
    return {key: reply[key] for key in ORDINARY if key == "value" or reply[key] != ORDINARY[key]}


def _without_value(reply):
    return reply | {"status": "oversized", "value": None}


def _reply(status, value=None, modified=(), printed="", error=("", "", ""), seconds=0.0):
    return {
        "status": status,
        "value": value,
        "modified": list(modified),
        "printed": printed,
        "error": list(error),
        "seconds": seconds,
    }


ORDINARY = {key: entry for key, entry in _reply("ok").items() if key != "seconds"}


def _run(function, arguments, seconds):
    pristine = arguments
    originals = [_copied(argument) for argument in arguments]
    printed = _Capture()
    start = time.perf_counter()
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(_Capture()),
            np.errstate(all="ignore"),
            _TimeLimit(seconds),
        ):
            value = _snapshot(function(*originals))
    except CallTimeout:
        return _reply("timeout", printed=printed.getvalue(), seconds=time.perf_counter() - start)
    except BaseException as error:  # a student's code may raise anything, SystemExit included
        spent = time.perf_counter() - start
        return _reply("raised", None, (), printed.getvalue(), _describe(error), spent)
    spent = time.perf_counter() - start
    modified = [
        i for i, pair in enumerate(zip(originals, pristine, strict=True)) if not _same(*pair)
    ]
    return _reply("ok", value, modified, printed.getvalue(), seconds=spent)


def _copied(argument):
    """Return a copy that a call may change (`copy.deepcopy` is ten times as slow for an array)."""
    if isinstance(argument, np.ndarray):
        return argument.copy()
    return copy.deepcopy(argument) if isinstance(argument, (list, tuple, dict)) else argument


@contextlib.contextmanager
def _alarms():
    """Let alarms raise `CallTimeout`, if this is where signals work."""
    if not _signals_work():
        yield
        return

    def expire(_signal, _frame):
        raise CallTimeout

    previous = signal.signal(signal.SIGALRM, expire)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, previous)


def _signals_work() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


class _TimeLimit:
    """Raises `CallTimeout` in this thread after `seconds`; no limit where signals do not work."""

    def __init__(self, seconds):
        self._seconds = seconds
        self._works = seconds is not None and _signals_work()

    def __enter__(self):
        if self._works:
            self._start = time.monotonic()
            self._others, _ = signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_):
        if self._works:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if self._others:  # somebody else's alarm was set, such as that of a test runner
                left = self._others - (time.monotonic() - self._start)
                signal.setitimer(signal.ITIMER_REAL, max(left, 1e-3))


def _snapshot(value):
    """Copy the arrays of a result: a later call may write into the same ones."""
    if type(value) is np.ndarray:
        return value.copy()
    if type(value) in (list, tuple) and any(type(part) is np.ndarray for part in value):
        return type(value)(map(_snapshot, value))
    return value


def _same(now, before) -> bool:
    if isinstance(before, np.ndarray):
        same_form = (
            type(now) is np.ndarray and now.shape == before.shape and now.dtype == before.dtype
        )
        return same_form and now.tobytes() == before.tobytes()
    if isinstance(before, (list, tuple)):
        return (
            type(now) is type(before) and len(now) == len(before) and all(map(_same, now, before))
        )
    if isinstance(before, dict):
        same_keys = type(now) is dict and list(now) == list(before)
        return same_keys and all(_same(now[key], before[key]) for key in before)
    return isinstance(before, wire.Formula) or bool(now == before)


def _describe(error) -> list[str]:
    """Return type, message and line of an exception; a student's own may fail to tell them."""
    described = []
    for part, length in ((_type_name, 100), (str, 300), (_line, 200)):
        try:
            described.append(str(part(error))[:length])
        except BaseException:
            described.append("")
    return described


def _type_name(error) -> str:
    return type(error).__name__


def _line(error) -> str:
    """Return the last line of the student's that was running, not of a library or a `Formula`."""
    ours = wire.Formula.__call__.__code__
    own = []
    for frame in traceback.extract_tb(error.__traceback__)[1:]:
        if (frame.filename, frame.name) == (ours.co_filename, ours.co_name):
            break
        if "site-packages" not in frame.filename:
            own.append(frame)
    return own[-1].line or "" if own else ""
