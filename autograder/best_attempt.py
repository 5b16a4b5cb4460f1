"""The best attempt counts: each one on time is graded, and the best goes to `submitted/`.

Grading an attempt only leaves its record, in `attempts/<assignment>/<student>/<attempt>/`; the
gradebook learns of the chosen one alone, which is then graded like any other. Points are those of
the hidden checks: a hand-graded question has none yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder import attempts, records
from autograder.attempts import Attempt, Policy
from autograder.class_grading import Work, units_of
from autograder.course import Course
from autograder.grading import digest
from autograder.records import ChosenAttempt, RecordError
from autograder.submitted import read_notebook


def trials(
    course: Course, assignment: str, students: tuple[str, ...] = (), force: bool = False
) -> list[Work]:
    """Return the attempts that have to be graded to know the best: all with `force`.

    A student with one attempt on time needs none. Raises CourseError as `find_work` does.
    """
    units = units_of(course, assignment)
    return [
        item
        for those in _rivals(course, assignment, students).values()
        for attempt in those
        for item in _work(course, attempt, units)
        if force or not _is_done(item)
    ]


def choose(course: Course, assignment: str, students: tuple[str, ...] = ()) -> None:
    """Put each student's best attempt into `submitted/`; of equally good ones the last.

    Students who have nothing there yet are passed over: what was not collected is not graded.
    """
    units = units_of(course, assignment)
    everybody = attempts.attempts(course, assignment)
    for those in _rivals(course, assignment, students).values():
        best = max(
            range(len(those)), key=lambda index: (_score(course, those[index], units), index)
        )
        attempts.install(course, those[best], everybody[those[best].student])


def told(course: Course, assignment: str, work: Iterable[Work]) -> list[Work]:
    """Return the same work, which says now which of the student's attempts it is."""
    policy = attempts.policy(course)
    try:
        everybody = attempts.attempts(course, assignment)
    except PermissionError:  # of the exchange: who may not read it can grade what was collected
        return list(work)
    rivals = _rivals(course, assignment) if policy is Policy.BEST else {}
    units = units_of(course, assignment) if rivals else []
    items = []
    for item in work:
        student, when = item.submission.student, item.submission.timestamp
        those = everybody.get(student, [])
        number = next((n for n, each in enumerate(those, 1) if each.timestamp == when), None)
        if number is not None:
            scores = tuple(_score(course, each, units) for each in rivals.get(student, ()))
            handed_in = f"{when:%Y-%m-%d %H:%M:%S} UTC" if when else ""
            chosen = ChosenAttempt(number, len(those), handed_in, str(policy), scores)
            item = replace(item, attempt=chosen)
        items.append(item)
    return items


def _rivals(
    course: Course, assignment: str, students: tuple[str, ...] = ()
) -> dict[str, list[Attempt]]:
    """Return the attempts of those who have several on time, by student."""
    due = attempts.due_dates_of(course, assignment)
    rivals = {}
    for student, those in attempts.attempts(course, assignment).items():
        if students and student not in students:
            continue
        if not attempts.submitted_folder(course, assignment, student).is_dir():
            continue
        good = attempts.on_time(those, due.of(student))
        if len(good) > 1:
            rivals[student] = good
    return rivals


def _work(course: Course, attempt: Attempt, units: Sequence[str]) -> Iterable[Work]:
    handed_in = attempt.submission()
    place = attempts.store(course, attempt.assignment, attempt.student) / attempt.name
    for unit in units:
        if unit in handed_in.notebooks:
            yield Work(handed_in, handed_in.notebooks[unit], place, trial=True)


def _is_done(item: Work) -> bool:
    try:
        return records.read(item.record_file).submission == digest(read_notebook(item.notebook))
    except (RecordError, OSError):
        return False


def _score(course: Course, attempt: Attempt, units: Sequence[str]) -> float:
    """Return an attempt's points; a notebook that is missing or cannot be graded has none."""
    total = 0.0
    for item in _work(course, attempt, units):
        if _is_done(item):
            total += records.read(item.record_file).score
    return round(total, 2)
