"""What a learner is told after how many failed tries.

First what was expected and what came; then the name of the mistake, or one call in numbers; then
the rule, from the lesson; then a worked example for a sibling. Texts are Markdown with TeX.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from autograder import harness, wire
from autograder.practice import lessons
from autograder.practice.progress import State, TaskProgress
from autograder.results import CheckResult, TaskResult, Verdict
from autograder.submission import Outcome

COMPARED, NAMED, RULE, SIBLING = 1, 2, 3, 4
OFFERS = {
    COMPARED: "what the mistake looks like",
    NAMED: "the rule",
    RULE: "a worked example",
}
MAX_NUMBERS = 60  # of an example that is shown

Calls = Sequence[tuple[str, tuple, Outcome]]


@dataclass(frozen=True)
class Help:
    """One piece of help: a title, Markdown, and where more of it can be read."""

    title: str
    text: str
    place: str = ""


def level(progress: TaskProgress) -> int:
    """Return how much help a task gets: 0 if it has not failed, at most `SIBLING`."""
    if progress.state is not State.FAILED:
        return 0
    return min(SIBLING, max(COMPARED, progress.tries, progress.asked))


def shown(result: TaskResult, level: int) -> TaskResult:
    """Return a result with only as many hints as belong to a level."""
    if level >= NAMED:
        return result
    return replace(result, checks=tuple(replace(check, hint=None) for check in result.checks))


def helps(
    root: Path | None,
    unit: str,
    task: str,
    result: TaskResult | None,
    level: int,
    calls: Calls = (),
) -> list[Help]:
    """Return what a level adds to the table of verdicts, if there is one.

    `root` is the course, if it is known.
    """
    found: list[Help | None] = []
    if level >= NAMED and result and not any(check.hint for check in result.checks):
        found.append(example(unit, result, calls))
    if level >= RULE and root:
        section = lessons.rule(root, unit, task)
        found.append(section and Help(f"The rule: {section.title}", section.text, section.place))
    if level >= SIBLING and root:
        section = lessons.worked_example(root, unit)
        found.append(section and Help(section.title, section.text, section.place))
    return [each for each in found if each]


def example(unit: str, result: TaskResult, calls: Calls) -> Help | None:
    """Return one call that shows why the first failed check failed, if its calls show it."""
    failed = next((c for c in result.checks if c.verdict is Verdict.FAILED), None)
    reference = getattr(importlib.import_module(f"solutions.{unit}"), result.task, None)
    if failed is None or reference is None:
        return None
    own = [(arguments, outcome) for name, arguments, outcome in calls if name == result.task]
    telling = []
    for arguments, outcome in own:
        wanted = _returned_by(reference, arguments)
        told = _what_it_shows(failed, reference, arguments, outcome, wanted)
        if told and _is_plain(arguments) and _size(arguments) <= MAX_NUMBERS:
            telling.append((_size(arguments), len(telling), arguments, told))
    if not telling:
        return None
    _, _, arguments, told = min(telling)
    names = list(inspect.signature(reference).parameters)
    lines = [f"{name} = {_shown(value)}" for name, value in zip(names, arguments, strict=False)]
    return Help(
        "One of the calls, in numbers", "```python\n" + "\n".join([*lines, *told]) + "\n```"
    )


def _returned_by(reference, arguments):
    (reply,) = harness.run_calls({"reference": reference}, [("reference", arguments)], None)
    return wire.as_received(reply["value"])


def _what_it_shows(failed: CheckResult, reference, arguments, outcome, wanted) -> list[str]:
    """Return lines that tell what is wrong about a call, none if it does not explain the check."""
    call = f"{reference.__name__}({', '.join(inspect.signature(reference).parameters)})"
    call = call if len(call) <= 40 else f"{reference.__name__}(...)"
    if outcome.problem:
        raised = outcome.problem == "raised" and outcome.detail
        return [f"# {call}: {' '.join(outcome.detail.split())}"] if raised else []
    if failed.name == "purity" or "unchanged" in failed.sentence:
        names = list(inspect.signature(reference).parameters)
        changed = ", ".join(names[i] for i in outcome.modified if i < len(names))
        return [f"# {call} changes {changed}"] if changed else []
    different = _shape(outcome.value) != _shape(wanted)
    if not different and not _is_the_one(failed, outcome.value, wanted):
        return []
    if not (_is_plain((outcome.value,)) and _size((outcome.value,)) <= MAX_NUMBERS):
        return []
    return [
        f"# {call} should be",
        *_commented(_shown(wanted)),
        "# and yours is",
        *_commented(_shown(outcome.value)),
    ]


def _commented(text: str) -> list[str]:
    return [f"#     {line}" for line in text.splitlines()]


def _is_the_one(failed: CheckResult, value, wanted) -> bool:
    """Whether the numbers that the check compared stand in the two results, at one place."""
    actual, expected = _numbers(value), _numbers(wanted)
    if failed.expected is None or actual.shape != expected.shape:
        return False
    pairs = zip(actual.tolist(), expected.tolist(), strict=True)
    return any((f"{e:.6g}", f"{a:.6g}") == (failed.expected, failed.actual) for a, e in pairs)


def _numbers(value) -> np.ndarray:
    parts = value if isinstance(value, (tuple, list)) else [value]
    try:
        flat = [np.asarray(part, dtype=float).ravel() for part in parts]
    except (TypeError, ValueError):
        return np.zeros(0)
    return np.concatenate(flat) if flat else np.zeros(0)


def _shape(value):
    if isinstance(value, (tuple, list)) and any(isinstance(part, np.ndarray) for part in value):
        return tuple(map(_shape, value))
    try:
        return np.shape(value)
    except ValueError:  # rows of different length
        return "ragged"


def _is_plain(values: Sequence) -> bool:
    """Whether values are numbers, arrays, or tuples of them, which can be written down."""
    for value in values:
        if isinstance(value, (tuple, list)):
            if not _is_plain(value):
                return False
        elif not (value is None or isinstance(value, (int, float, np.ndarray, wire.Formula))):
            return False
    return True


def _size(values: Sequence) -> int:
    return sum(
        _size(value) if isinstance(value, (tuple, list)) else np.size(value) for value in values
    )


def _shown(value) -> str:
    if isinstance(value, (tuple, list)):
        brackets = "()" if isinstance(value, tuple) else "[]"
        return brackets[0] + ", ".join(map(_shown, value)) + brackets[1]
    if isinstance(value, wire.Formula):
        return f"lambda x: {value.source}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, separator=", ", suppress_small=True)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
