"""A student's functions as proxies: `submission.mse(y, y_hat)`, wherever they run.

A `Transport` carries the calls: `LocalTransport` to functions of this process (practice, tests of
the checks), `autograder.execution` to a kernel in another process (grading). Calls go in batches,
one message for many argument sets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from autograder import harness, wire

SECONDS_PER_CALL = 5.0

Call = tuple[str, tuple]


class CheckFailed(AssertionError):
    """A check that did not pass: why, and what was expected and found if that may be shown.

    A check that judges only a part of what the function returned gives `seen_as`, which turns a
    returned value, whatever it is, into what the check saw of it.
    """

    def __init__(
        self,
        reason: str,
        expected: str | None = None,
        actual: str | None = None,
        seen_as: Callable[[object], object] | None = None,
    ):
        super().__init__(reason)
        self.reason = reason
        self.expected = expected
        self.actual = actual
        self.seen_as = seen_as


@dataclass(frozen=True)
class Outcome:
    """What one call of a student's function came to.

    `problem` is "" or one of missing, raised, timeout, skipped, oversized, unreadable, died;
    `detail` is a sentence about it, `error_type` the name of the exception's type if there is one.
    """

    value: object = None
    problem: str = ""
    detail: str = ""
    error_type: str = ""
    modified: tuple[int, ...] = ()
    printed: str = ""


class Transport(Protocol):
    """Carries calls to a student's functions and brings the outcomes back, in order."""

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make the calls and return one outcome for each."""
        ...


class LocalTransport:
    """Calls functions of this process; their results take the same path through the wire."""

    def __init__(self, functions: Mapping[str, object], seconds: float | None = SECONDS_PER_CALL):
        self.functions = functions
        self.seconds = seconds

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make the calls and return one outcome for each."""
        replies = harness.run_calls(dict(self.functions), list(calls), self.seconds)
        return read_replies(harness.encode_replies(replies), calls)


@dataclass
class Submission:
    """A student's functions by name, and the log of the calls made to them."""

    transport: Transport
    log: list[tuple[str, tuple, Outcome]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)
        return Function(name, self)


@dataclass(frozen=True)
class Function:
    """One function of a submission. Calling it returns its value or raises `CheckFailed`."""

    name: str
    submission: Submission

    def __call__(self, *arguments):
        """Return the value for one argument set."""
        return self.batch([arguments])[0]

    def batch(self, calls: Sequence[tuple]) -> list:
        """Return the values for many argument sets, sent in one message.

        Raises `CheckFailed` with the reason if one of the calls came to no value.
        """
        outcomes = self.outcomes(calls)
        for outcome in outcomes:
            if outcome.problem:
                raise CheckFailed(outcome.detail)
        return [outcome.value for outcome in outcomes]

    def outcomes(self, calls: Sequence[tuple]) -> list[Outcome]:
        """Return what each call came to, problems included."""
        named = [(self.name, tuple(arguments)) for arguments in calls]
        outcomes = self.submission.transport.call(named)
        self.submission.log.extend(
            (name, arguments, outcome)
            for (name, arguments), outcome in zip(named, outcomes, strict=True)
        )
        return outcomes


def request(calls: Sequence[Call], seconds: float | None) -> bytes:
    """Return the message that asks `harness.serve` to make these calls."""
    return wire.encode({"calls": list(calls), "seconds": seconds})


def read_replies(message: bytes, calls: Sequence[Call]) -> list[Outcome]:
    """Parse what a harness replied. A malformed reply is an `unreadable` outcome of every call."""
    try:
        replies = wire.decode(message)
    except wire.WireError as error:
        return [_unreadable(str(error))] * len(calls)
    if not isinstance(replies, list) or len(replies) != len(calls):
        return [_unreadable("the number of replies is wrong")] * len(calls)
    return [_outcome(reply, *call) for reply, call in zip(replies, calls, strict=True)]


def _outcome(reply: object, name: str, arguments: tuple) -> Outcome:
    match harness.ORDINARY | reply if isinstance(reply, dict) and "value" in reply else None:
        case {
            "status": str(status),
            "value": value,
            "modified": list(modified),
            "printed": str(printed),
            "error": [str(kind), str(message), str(line)],
        } if all(type(i) is int and 0 <= i < len(arguments) for i in modified):
            pass
        case _:
            return _unreadable("a reply has not the documented form")
    printed = _plain(printed[: harness.MAX_PRINTED]) if printed else ""
    if status == "ok":
        return Outcome(value, modified=tuple(sorted(set(modified))), printed=printed)
    kind, message, line = (
        " ".join(_plain(text[:length]).split())
        for text, length in ((kind, 100), (message, 300), (line, 200))
    )
    detail = _DETAILS.get(status, _detail_unknown)(name, kind, message, line)
    return Outcome(None, status if status in _DETAILS else "unreadable", detail, kind, (), printed)


def _plain(text: str) -> str:
    """Replace what would steer a terminal or hide in a page, such as escape sequences."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _unreadable(why: str) -> Outcome:
    return Outcome(problem="unreadable", detail=f"Its result could not be read: {why}.")


def _detail_missing(name, kind, message, line):
    if kind:
        return (
            f"`{name}` is not a function here but a value of type {kind}; was the name used twice?"
        )
    return f"There is no function named `{name}`. Was its cell deleted, or did it fail to run?"


def _detail_raised(name, kind, message, line):
    if kind == "NotImplementedError":
        return f"`{name}` is not written yet."
    if kind == "MemoryError":
        return "It ran out of memory."
    where = f" in the line `{line}`" if line else ""
    return f"It raised {kind}{where}: {message}" if message else f"It raised {kind}{where}."


def _detail_timeout(name, kind, message, line):
    return "It did not finish in time. Is there a loop that never ends?"


def _detail_skipped(name, kind, message, line):
    return "It was not called again after a call that did not finish."


def _detail_oversized(name, kind, message, line):
    return "Its result is far too large."


def _detail_unknown(name, kind, message, line):
    return "Its result could not be read."


_DETAILS = {
    "missing": _detail_missing,
    "raised": _detail_raised,
    "timeout": _detail_timeout,
    "skipped": _detail_skipped,
    "oversized": _detail_oversized,
}
