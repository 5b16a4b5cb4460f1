"""Collecting the hidden checks of a unit and running those of one task against a submission.

Graders are ordinary pytest files; here their check methods are called directly, in order of
dependency, which gives the same verdicts without the cost of a pytest session for each task of each
student.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from autograder import hints, seeds
from autograder.checks import Marks
from autograder.results import CheckResult, TaskResult, Verdict
from autograder.submission import CheckFailed, Submission
from solutions.misconceptions import misconceptions_of

log = logging.getLogger(__name__)

SECONDS_PER_TASK = 30.0
BROKEN = "The check itself broke, which is no fault of yours. Please tell your teacher."


@dataclass(frozen=True)
class Check:
    """One hidden check: its name within the task, its sentence, its marks, and how to run it."""

    name: str
    sentence: str
    marks: Marks
    run: Callable


class GraderError(Exception):
    """A grader file that breaks the rules for authors; says which and how to mend it."""


@functools.cache
def has_graders(unit: str) -> bool:
    """Return whether there are hidden checks for a unit of this name."""
    return (
        unit.isidentifier()
        and importlib.util.find_spec(f"autograder.graders.test_{unit}") is not None
    )


@functools.cache
def checks_of(unit: str) -> dict[str, tuple[Check, ...]]:
    """Return the checks of every task of a unit, in the order in which the grader file has them.

    Raises GraderError if a class has no `task` or the same as another, a check no `@check`, or if a
    check depends on one that does not stand before it in its class.
    """
    module = importlib.import_module(f"autograder.graders.test_{unit}")
    classes = [
        c for c in vars(module).values() if inspect.isclass(c) and c.__name__.startswith("Test")
    ]
    tasks: dict[str, tuple[Check, ...]] = {}
    for grader in classes:
        task = getattr(grader, "task", None)
        if task is None or task in tasks:
            fault = (
                "has no attribute `task`"
                if task is None
                else f"has the task {task!r} of another class"
            )
            raise GraderError(f"{grader.__name__} of the unit {unit!r} {fault}")
        tasks[task] = _checks_of_class(grader)
    return tasks


def run_task(unit: str, task: str, points: float, submission: Submission, seed: str) -> TaskResult:
    """Run all checks of one task and return their verdicts.

    Nothing that the submission does raises here; if a check itself breaks, the result's `problem`
    says so. `seed` is a text from `autograder.seeds`. Raises GraderError if there is no such task.
    """
    if task not in checks_of(unit):
        raise GraderError(f"no checks of a task {task!r} in the unit {unit!r}")
    results: dict[str, CheckResult] = {}
    broken: list[str] = []
    deadline = time.monotonic() + SECONDS_PER_TASK
    for check in checks_of(unit)[task]:
        missed = [name for name in check.marks.after if results[name].verdict is not Verdict.PASSED]
        if missed:
            reason = f"This builds on a check that did not pass: {results[missed[0]].sentence}"
            results[check.name] = _result(check, Verdict.NOT_CHECKED, reason=reason)
        elif time.monotonic() > deadline:
            reason = f"The checks of this task took more than {SECONDS_PER_TASK:g} seconds."
            results[check.name] = _result(check, Verdict.FAILED, reason=reason)
        else:
            try:
                results[check.name] = _run_check(unit, task, check, submission, seed)
            except Exception as error:  # one broken check must not stop the grading of a class
                log.exception("the check %s of %s in %s broke", check.name, task, unit)
                broken.append(f"the check `{check.name}` broke ({type(error).__name__})")
                results[check.name] = _result(check, Verdict.FAILED, reason=BROKEN)
    return TaskResult(task, points, _name_once(results.values()), "; ".join(broken))


def _run_check(unit, task, check: Check, submission: Submission, seed) -> CheckResult:
    submission.log.clear()
    start = time.perf_counter()
    try:
        check.run(submission, seeds.generator(seed, task, check.name))
    except CheckFailed as failure:
        known = misconceptions_of(unit)
        named = hints.name_mistake(known, task, check.name, submission.log, failure.seen_as)
        return _result(
            check,
            Verdict.FAILED,
            reason=failure.reason,
            expected=failure.expected,
            actual=failure.actual,
            misconception=named.name if named else None,
            hint=named.hint if named else None,
            seconds=time.perf_counter() - start,
        )
    return _result(check, Verdict.PASSED, seconds=time.perf_counter() - start)


def _result(check: Check, verdict: Verdict, **details) -> CheckResult:
    return CheckResult(check.name, check.sentence, check.marks.weight, verdict, **details)


def _name_once(results) -> tuple[CheckResult, ...]:
    """Keep each hint at the first check that shows it."""
    shown: set[str] = set()
    kept = []
    for result in results:
        if result.misconception in shown:
            result = replace(result, hint=None)
        elif result.misconception:
            shown.add(result.misconception)
        kept.append(result)
    return tuple(kept)


def _checks_of_class(grader: type) -> tuple[Check, ...]:
    checks: list[Check] = []
    for name, method in vars(grader).items():
        if not name.startswith("test_"):
            continue
        if not hasattr(method, "marks"):
            raise GraderError(f"{grader.__name__}.{name} lacks its @check(weight=...)")
        unknown = set(method.marks.after) - {check.name for check in checks}
        if unknown:
            raise GraderError(
                f"{grader.__name__}.{name} comes after {sorted(unknown)}, not defined above it"
            )
        sentence = " ".join(method.__doc__.split())
        checks.append(
            Check(name.removeprefix("test_"), sentence, method.marks, getattr(grader(), name))
        )
    return tuple(checks)
