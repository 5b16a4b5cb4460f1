"""The record of a grading: why the grade is what it is, as JSON beside the autograded notebook.

The schema is `record.schema.json` in this package.
"""

from __future__ import annotations

import functools
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import NoneType

from autograder.mistakes import Mistake
from autograder.results import CheckResult, TaskResult, Verdict

SCHEMA = "lossgrad-record/1"
SUFFIX = ".record.json"
VERDICTS = {str(verdict): verdict for verdict in Verdict}


@dataclass(frozen=True)
class ChosenAttempt:
    """Which of a student's hand-ins was graded, and by which rule it was chosen.

    It is the `number`th of `of`, handed in at `handed_in` (UTC, empty if that is not known). Where
    several were graded, `scores` are theirs, the first one first.
    """

    number: int
    of: int
    handed_in: str
    policy: str
    scores: tuple[float, ...] = ()


@dataclass(frozen=True)
class Record:
    """Everything there is to say about one graded notebook.

    `submission` is the SHA-256 of the submitted file, `seed` what its random inputs came from,
    `problems` what went wrong around the checks (an unreadable notebook, a kernel that died),
    `seconds` the wall time. `attempt` is None where it is not known how many there were.
    """

    unit: str
    student: str
    submission: str
    seed: str
    graded: str
    seconds: float
    restarts: int
    problems: tuple[str, ...]
    tasks: tuple[TaskResult, ...]
    versions: dict[str, str] = field(default_factory=dict)
    attempt: ChosenAttempt | None = None

    @property
    def score(self) -> float:
        """The sum of the tasks' scores; hand-graded questions are not in it."""
        return round(sum(task.score for task in self.tasks), 2)

    @property
    def points(self) -> float:
        """The sum of the tasks' points."""
        return sum(task.points for task in self.tasks)


class RecordError(Mistake, ValueError):
    """A record that cannot be read; says which file and what to do."""


@functools.cache
def versions() -> dict[str, str]:
    """Return the versions of everything that has a say in a grade."""
    packages = ("lossgrad", "numpy", "nbgrader", "ipykernel", "nbclient", "jupyter_client")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def to_json(record: Record) -> str:
    """Return a record as JSON text, keys in the order of the schema."""
    data = {
        "schema": SCHEMA,
        "score": record.score,
        "points": record.points,
        **vars(record),
        "attempt": record.attempt and vars(record.attempt),
        "tasks": [
            vars(task) | {"score": task.score, "checks": [vars(check) for check in task.checks]}
            for task in record.tasks
        ],
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def from_json(text: str) -> Record:
    """Return the record in a JSON text. Raises `RecordError` if it is not one."""
    try:
        data = json.loads(text, parse_constant=_refuse)
        if data.pop("schema") != SCHEMA:
            raise RecordError(f"not a record of the form {SCHEMA}")
        data = {key: value for key, value in data.items() if key not in ("score", "points")}
        tasks = tuple(map(_task, data.pop("tasks")))
        if attempt := data.pop("attempt", None):
            attempt = ChosenAttempt(**attempt | {"scores": tuple(attempt["scores"])})
        data |= {"tasks": tasks, "problems": tuple(data["problems"]), "attempt": attempt}
        record = Record(**data)
        _expect(str, record.unit, record.student, record.submission, record.seed, record.graded)
        _expect(str, *record.problems)
        _expect(int, record.restarts)
        if record.attempt is not None:
            _expect(int, record.attempt.number, record.attempt.of)
            _expect(str, record.attempt.handed_in, record.attempt.policy)
        return record
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise RecordError(f"not a readable record ({error}); grade the submission again") from error


def read(path: Path) -> Record:
    """Return the record in a file. Raises `RecordError` if there is none or it is not one."""
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordError(f"{path}: there is no record; grade the submission first") from None
    except UnicodeDecodeError:
        raise RecordError(f"{path}: not a readable record; grade the submission again") from None
    except RecordError as error:
        raise RecordError(f"{path}: {error}") from None


def read_all(folders: Sequence[Path]) -> list[Record]:
    """Return the records in these folders, in order of their paths."""
    return [read(path) for folder in sorted(folders) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def _task(data: dict) -> TaskResult:
    checks = tuple(map(_check, data["checks"]))
    _expect(str, data["task"], data["problem"])
    _expect((int, float), data["points"])
    return TaskResult(data["task"], data["points"], checks, data["problem"])


def _check(data: dict) -> CheckResult:
    check = CheckResult(**data | {"verdict": VERDICTS[data["verdict"]]})
    known = {type(each) for each in (check.expected, check.actual, check.misconception, check.hint)}
    if (
        {type(check.name), type(check.sentence), type(check.reason)} != {str}
        or not known <= {str, NoneType}
        or type(check.weight) not in (int, float)
    ):
        raise TypeError(f"a check of the name {check.name!r:.40} has a field of a wrong type")
    return check


def _expect(kind, *values) -> None:
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r:.40} has the wrong type")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of a record")
