"""What the records of a class say, in few words: one entry for each graded submission.

Records are read one after another and only what a report needs is kept, so that the memory of a
large class stays small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder import records
from autograder.course import Course
from autograder.records import Record, RecordError
from autograder.results import CheckResult, TaskResult, Verdict

# How the reasons of failed checks begin that tell of the running of the code, not of its answer.
INCIDENTS = {
    "It did not finish in time": "ran out of time",
    "The checks of this task took more than": "ran out of time",
    "The notebook ran longer than": "ran out of time",
    "It ran out of memory": "ran out of memory",
    "The kernel died": "killed its kernel",
    "Its result is far too large": "returned far too much",
    "Its result could not be read": "returned something unreadable",
    "There is no function named": "has a cell that is gone or does not run",
}


@dataclass(frozen=True)
class Answer:
    """How one student did in one task.

    `failed` are the checks that failed, by name; `mistakes` the misconceptions that were named;
    `incidents` what went wrong with the running of the code; `written` is whether there was an
    answer at all.
    """

    task: str
    score: float
    points: float
    failed: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    written: bool = True


@dataclass(frozen=True)
class Entry:
    """One graded submission; `submission` and `seed` are those of its record."""

    student: str
    submission: str
    seed: str
    score: float
    points: float
    answers: tuple[Answer, ...]
    problems: tuple[str, ...] = ()
    restarts: int = 0

    @property
    def share(self) -> float:
        """The score as a share of the points."""
        return self.score / self.points if self.points else 0.0

    @property
    def incidents(self) -> list[tuple[str, str]]:
        """(task, incident) of everything that went wrong with the running of the code."""
        return [(answer.task, each) for answer in self.answers for each in answer.incidents]


@dataclass
class UnitClass:
    """The class in one unit: entries by name of the student, and what records tell of the tasks.

    `sentences` are those of failed checks by (task, check), `hints` the misconceptions' by name,
    with the task before them. `unread` says of each broken record what is wrong; `ungraded` are the
    students who handed in what has no record.
    """

    unit: str
    entries: list[Entry] = field(default_factory=list)
    sentences: dict[tuple[str, str], str] = field(default_factory=dict)
    hints: dict[str, tuple[str, str]] = field(default_factory=dict)
    unread: list[tuple[str, str]] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)

    @property
    def handed_in(self) -> set[str]:
        """The students who handed in, graded or not."""
        unread = {student for student, _ in self.unread}
        return {entry.student for entry in self.entries} | unread | set(self.ungraded)

    def add(self, student: str, record: Record) -> None:
        """Take a record into account."""
        for task in record.tasks:
            for check in task.checks:
                if check.verdict is Verdict.FAILED:
                    self.sentences.setdefault((task.task, check.name), check.sentence)
                if check.misconception and check.hint:  # told once, at the first check
                    self.hints.setdefault(check.misconception, (task.task, check.hint))
        answers = tuple(map(_answer, record.tasks))
        self.entries.append(
            Entry(
                student=student,
                submission=record.submission,
                seed=record.seed,
                score=round(sum(answer.score for answer in answers), 2),
                points=record.points,
                answers=answers,
                problems=record.problems,
                restarts=record.restarts,
            )
        )


def read_class(course: Course, units: Sequence[str]) -> list[UnitClass]:
    """Return what the records say about these units, in their order.

    A record that cannot be read is named in `unread`, and the others are read.
    """
    submitted = sorted(_folders(course.classroom / "submitted"))
    return [_read_unit(course, unit, submitted) for unit in units]


def _read_unit(course: Course, unit: str, submitted: Sequence[str]) -> UnitClass:
    found = UnitClass(unit)
    pattern = course.record_file("*", unit).relative_to(course.classroom)
    for path in sorted(course.classroom.glob(str(pattern))):
        student = path.parent.parent.name
        try:
            found.add(student, records.read(path))
        except RecordError as error:
            found.unread.append((student, str(error).removeprefix(f"{path}: ")))
        except (OSError, UnicodeDecodeError) as error:
            found.unread.append((student, f"not readable ({type(error).__name__})"))
    known = found.handed_in
    for student in submitted:
        if student not in known and (course.classroom / "submitted" / student / unit).is_dir():
            found.ungraded.append(student)
    return found


def _folders(place: Path) -> Iterator[str]:
    if place.is_dir():
        yield from (path.name for path in place.iterdir() if path.is_dir())


def _answer(task: TaskResult) -> Answer:
    failed = [check for check in task.checks if check.verdict is Verdict.FAILED]
    mistakes = (check.misconception for check in failed if check.hint)
    return Answer(
        task=task.task,
        score=task.score,
        points=task.points,
        failed=tuple(check.name for check in failed),
        mistakes=tuple(dict.fromkeys(filter(None, mistakes))),
        incidents=tuple(dict.fromkeys(filter(None, map(_incident, failed)))),
        written=not any(_is_unwritten(check, task.task) for check in failed),
    )


def _incident(check: CheckResult) -> str:
    return next((said for start, said in INCIDENTS.items() if check.reason.startswith(start)), "")


def _is_unwritten(check: CheckResult, task: str) -> bool:
    return check.reason == f"`{task}` is not written yet."
