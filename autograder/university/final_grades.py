"""The grades as the gradebook has them in the end: manual scores and late penalties included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import case, func

from autograder.course import CourseError
from autograder.university.rosters import Known


class State(StrEnum):
    """How far a submission is."""

    GRADED = "graded"
    HAND_GRADING_OPEN = "its hand-graded part is still open"
    NOT_GRADED = "not graded yet"


@dataclass(frozen=True)
class FinalGrade:
    """One student's grade in one assignment, late penalty taken off; `timestamp` is in UTC.

    `score` is None where nothing has been graded.
    """

    student: str
    assignment: str
    score: float | None
    points: float
    state: State
    timestamp: datetime | None = None
    seconds_late: float = 0.0


def assignments(gradebook: Gradebook, wanted: list[str]) -> dict[str, float]:
    """Return the points of each wanted assignment, of all if none is named, in order of the names.

    Raises CourseError if one is not in the gradebook, or there is none.
    """
    points = {each.name: float(each.max_score or 0) for each in gradebook.assignments}
    absent = [name for name in wanted if name not in points]
    if absent or not points:
        there = ", ".join(sorted(points)) or "none"
        raise CourseError(
            f"No assignment {absent[0] if absent else ''} is in the gradebook; there is: {there}.\n"
            "To make one, type: nbgrader generate_assignment <unit>"
        )
    return {name: points[name] for name in (dict.fromkeys(wanted) or sorted(points))}


def known_students(gradebook: Gradebook) -> list[Known]:
    """Return the students in the gradebook, by id."""
    return [
        Known(
            student.id,
            student.email or "",
            student.lms_user_id or "",
            student.first_name or "",
            student.last_name or "",
        )
        for student in sorted(gradebook.students, key=lambda student: student.id)
    ]


def grades(gradebook: Gradebook, assignment: str) -> dict[str, FinalGrade]:
    """Return the grade of each student who has handed in an assignment, by the student's id."""
    entry = gradebook.find_assignment(assignment)
    points = float(entry.max_score or 0)
    penalties = dict(
        gradebook.db.query(
            SubmittedNotebook.assignment_id, func.sum(SubmittedNotebook.late_submission_penalty)
        )
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .filter(SubmittedAssignment.assignment_id == entry.id)
        .group_by(SubmittedNotebook.assignment_id)
        .all()
    )
    sums = _sums(gradebook, entry)
    submissions = gradebook.db.query(
        SubmittedAssignment.id,
        SubmittedAssignment.student_id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
    ).filter(SubmittedAssignment.assignment_id == entry.id)
    found = {}
    for identity, student, timestamp, extension in submissions:
        score, state = sums.get(identity, (None, State.NOT_GRADED))
        if score is not None:  # not below zero: as nbgrader's own exporter does
            score = round(max(0.0, score - (penalties.get(identity) or 0.0)), 2)
        late = 0.0
        if entry.duedate is not None and timestamp is not None:
            due = entry.duedate + (extension or timedelta(0))
            late = max(0.0, (timestamp - due).total_seconds())
        found[student] = FinalGrade(student, assignment, score, points, state, timestamp, late)
    return found


def _sums(gradebook: Gradebook, assignment: Assignment) -> dict[str, tuple[float | None, State]]:
    """Return score and state of each submission, by its id; of all in one query.

    A check cell that has no score of any kind means that nothing has been graded yet.
    """
    checks = [
        cell.id
        for notebook in assignment.notebooks
        for cell in notebook.grade_cells
        if cell.cell_type == "code"
    ]
    waiting = Grade.cell_id.in_(checks) & Grade.auto_score.is_(None) & Grade.manual_score.is_(None)
    rows = (
        gradebook.db.query(
            SubmittedNotebook.assignment_id,
            func.sum(Grade.score),
            func.sum(case((waiting, 1), else_=0)),
            func.sum(case((Grade.needs_manual_grade, 1), else_=0)),
        )
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .group_by(SubmittedNotebook.assignment_id)
    )
    sums = {}
    for identity, score, waits, is_open in rows:
        if waits:
            sums[identity] = (None, State.NOT_GRADED)
        else:
            state = State.HAND_GRADING_OPEN if is_open else State.GRADED
            sums[identity] = (float(score or 0), state)
    return sums
