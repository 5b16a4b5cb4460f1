"""Naming a mistake: which known wrong answer gives the outcomes that a student's function gave?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from autograder import harness, wire
from autograder.checks import same_value
from autograder.submission import Outcome
from solutions.misconceptions import Misconception


def name_mistake(
    misconceptions: Sequence[Misconception],
    task: str,
    check: str,
    log: Sequence[tuple[str, tuple, Outcome]],
    seen_as: Callable[[object], object] | None = None,
) -> Misconception | None:
    """Return the one misconception of `task` that explains every call in `log`, or None.

    `log` holds the calls that a failed check made. Misconceptions named for this check go before
    the others; if two explain the calls equally well, neither is named. `seen_as` turns a returned
    value into what the check saw of it, and only that is compared.
    """
    calls = [(name, arguments) for name, arguments, _ in log if name == task]
    seen = [_seen(outcome, seen_as) for name, _, outcome in log if name == task]
    if not calls:
        return None
    known = [m for m in misconceptions if m.task == task]
    for group in ([m for m in known if m.check == check], [m for m in known if m.check != check]):
        matching = [m for m in group if _explains(m, calls, seen, seen_as)]
        if matching:
            return matching[0] if len(matching) == 1 else None
    return None


def _explains(misconception: Misconception, calls, seen, seen_as) -> bool:
    # One call after another: the first alone rules out nearly all misconceptions.
    functions = {misconception.task: misconception.function}
    return all(
        _alike(_seen(_outcome(harness.run_calls(functions, [call], None)[0]), seen_as), outcome)
        for call, outcome in zip(calls, seen, strict=True)
    )


def _seen(outcome: Outcome, seen_as) -> Outcome:
    if outcome.problem or not seen_as:
        return outcome
    return replace(outcome, value=seen_as(outcome.value))


def _outcome(reply: dict) -> Outcome:
    """Return what a misconception's call came to, as if it had crossed from a kernel."""
    return Outcome(
        value=wire.as_received(reply["value"]),
        problem="" if reply["status"] == "ok" else reply["status"],
        error_type=reply["error"][0],
        modified=tuple(reply["modified"]),
        printed=reply["printed"],
    )


def _alike(first: Outcome, second: Outcome) -> bool:
    # Printing is a mistake only in place of a result: many people print while they search for one.
    printed_instead = first.value is None and bool(first.printed) != bool(second.printed)
    return (
        first.problem == second.problem
        and first.error_type == second.error_type
        and first.modified == second.modified
        and not printed_instead
        and same_value(first.value, second.value)
    )
