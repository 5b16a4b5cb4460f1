"""What grading a task comes to, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The three verdicts of a check; `NOT_CHECKED` if a check that it depends on did not pass."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class CheckResult:
    """The verdict of one check and what the student is told about it.

    `reason`, `expected` and `actual` belong to a failed check; `misconception` and `hint` to one
    whose mistake is known. `seconds` is the wall time of the check.
    """

    name: str
    sentence: str
    weight: float
    verdict: Verdict
    reason: str = ""
    expected: str | None = None
    actual: str | None = None
    misconception: str | None = None
    hint: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class TaskResult:
    """The checks of one task and its points; `problem` says what went wrong around them."""

    task: str
    points: float
    checks: tuple[CheckResult, ...]
    problem: str = ""

    @property
    def score(self) -> float:
        """Points times passed weight over total weight, to 2 decimals."""
        total = sum(check.weight for check in self.checks)
        passed = sum(check.weight for check in self.checks if check.verdict is Verdict.PASSED)
        return round(self.points * passed / total, 2) if total else 0.0
