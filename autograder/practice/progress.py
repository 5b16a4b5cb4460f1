"""What a learner has done: one JSON file in the learner's folder, which outlives every crash.

Both `lossgrad practice` and `%check` write it, each change under a lock and at once. A file that
cannot be read is set aside, never overwritten.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from autograder.mistakes import Mistake
from autograder.practice.folder import write
from autograder.results import TaskResult, Verdict

SCHEMA = "lossgrad-practice/1"
SECONDS_TO_LOCK = 10.0


class State(StrEnum):
    """How far a task is."""

    OPEN = "open"
    FAILED = "failed"
    PASSED = "passed"


class Seen(StrEnum):
    """When the course's solution was shown, if it was."""

    NEVER = "never"
    BEFORE = "before passing"
    AFTER = "after passing"


@dataclass(frozen=True)
class TaskProgress:
    """A task's state and history.

    `tries` counts failed tries, `asked` is the level of help asked for by hand. `code` is the
    digest of the task's own code at its last verdict, `checked` that of all that the verdict
    depends on. `passed` says when it passed for the first time.
    """

    state: State = State.OPEN
    score: float = 0.0
    tries: int = 0
    asked: int = 0
    code: str = ""
    checked: str = ""
    solution: Seen = Seen.NEVER
    passed: str | None = None

    def after(self, result: TaskResult, code: str, checked: str = "") -> TaskProgress:
        """Return the progress after a verdict. A failure is a new try only if the code is new."""
        if all(check.verdict is Verdict.PASSED for check in result.checks):
            state, tries = State.PASSED, self.tries
        else:
            state, tries = State.FAILED, self.tries + (code not in ("", self.code))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        passed = self.passed or (now if state is State.PASSED else None)
        return replace(
            self,
            state=state,
            score=result.score,
            tries=tries,
            code=code,
            checked=checked,
            passed=passed,
        )

    def opened(self, checked: str = "") -> TaskProgress:
        """Return the progress of a task whose function is not written, or no longer."""
        return replace(self, state=State.OPEN, score=0.0, code="", checked=checked)

    def shown(self) -> TaskProgress:
        """Return the progress after the solution was shown. The first time is what counts."""
        if self.solution is not Seen.NEVER:
            return self
        return replace(self, solution=Seen.AFTER if self.passed else Seen.BEFORE)


@dataclass(frozen=True)
class UnitProgress:
    """The tasks of a unit by name, and by file name the SHA-256 of what was handed out."""

    handed: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, TaskProgress] = field(default_factory=dict)

    def task(self, name: str) -> TaskProgress:
        """Return the progress of a task."""
        return self.tasks.get(name, TaskProgress())


@dataclass(frozen=True)
class Progress:
    """The units by name, and the course folder that they come from."""

    course: str = ""
    units: dict[str, UnitProgress] = field(default_factory=dict)

    def unit(self, name: str) -> UnitProgress:
        """Return the progress of a unit."""
        return self.units.get(name, UnitProgress())

    def task(self, unit: str, task: str) -> TaskProgress:
        """Return the progress of a task."""
        return self.unit(unit).task(task)

    def with_unit(self, name: str, unit: UnitProgress) -> Progress:
        """Return the progress with another state of a unit."""
        return replace(self, units=self.units | {name: unit})

    def with_task(self, unit: str, task: str, progress: TaskProgress) -> Progress:
        """Return the progress with another state of a task."""
        now = self.unit(unit)
        return self.with_unit(unit, replace(now, tasks=now.tasks | {task: progress}))


class ProgressFile:
    """The file of a learner's progress, shared by processes."""

    def __init__(self, path: Path, tell: Callable[[str], None] = print):
        self.path = path
        self.tell = tell

    def read(self) -> Progress:
        """Return the progress; a new one if there is none or it cannot be read, which is told.

        Raises Mistake if a newer lossgrad wrote it.
        """
        try:
            return _from_json(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Progress()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            aside = self.path.with_name(f"progress-broken-{datetime.now():%Y-%m-%d-%H%M%S}.json")
            os.replace(self.path, aside)
            self.tell(f"Your progress could not be read and starts anew. The old file is {aside}")
            return Progress()

    def update(self, change: Callable[[Progress], Progress]) -> Progress:
        """Write the progress as a function changes it, and return it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path.with_suffix(".lock"), timeout=SECONDS_TO_LOCK):
                before = self.read()
                now = change(before)
                if now != before:
                    write(self.path, _to_json(now).encode())
                return now
        except Timeout:
            raise Mistake(f"{self.path} is locked by another program; try again") from None


def _to_json(progress: Progress) -> str:
    return json.dumps({"schema": SCHEMA, **asdict(progress)}, indent=1, ensure_ascii=False) + "\n"


def _from_json(text: str) -> Progress:
    data = json.loads(text)
    schema = data["schema"]
    if schema != SCHEMA and str(schema).startswith("lossgrad-practice/"):
        raise Mistake(
            f"your progress was written by another lossgrad: {schema}, this one reads {SCHEMA}.\n"
            "Use that one, or choose another folder with --folder."
        )
    if schema != SCHEMA:
        raise ValueError(schema)
    units = {_text(name): _unit(unit) for name, unit in data["units"].items()}
    return Progress(_text(data["course"]), units)


def _unit(data: dict) -> UnitProgress:
    handed = {_text(name): _text(digest) for name, digest in data["handed"].items()}
    return UnitProgress(handed, {_text(name): _task(task) for name, task in data["tasks"].items()})


def _task(data: dict) -> TaskProgress:
    passed = data["passed"]
    return TaskProgress(
        state=State(data["state"]),
        score=float(data["score"]),
        tries=int(data["tries"]),
        asked=int(data["asked"]),
        code=_text(data["code"]),
        checked=_text(data["checked"]),
        solution=Seen(data["solution"]),
        passed=None if passed is None else _text(passed),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value
