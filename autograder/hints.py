"""Naming a mistake: which known wrong answer gives the outcomes that a student's function gave?"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.checks import same_value
from autograder.submission import LocalTransport, Outcome
from solutions.misconceptions import Misconception


def name_mistake(
    misconceptions: Sequence[Misconception],
    task: str,
    check: str,
    log: Sequence[tuple[str, tuple, Outcome]],
) -> Misconception | None:
    """Return the one misconception of `task` that explains every call in `log`, or None.

    `log` holds the calls that a failed check made. Misconceptions named for this check go before
    the others; if two explain the calls equally well, neither is named.
    """
    calls = [(name, arguments) for name, arguments, _ in log if name == task]
    seen = [outcome for name, _, outcome in log if name == task]
    if not calls:
        return None
    known = [m for m in misconceptions if m.task == task]
    for group in ([m for m in known if m.check == check], [m for m in known if m.check != check]):
        matching = [m for m in group if _explains(m, calls, seen)]
        if matching:
            return matching[0] if len(matching) == 1 else None
    return None


def _explains(misconception: Misconception, calls, seen) -> bool:
    transport = LocalTransport({misconception.task: misconception.function}, seconds=None)
    return all(map(_alike, transport.call(calls), seen))


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
