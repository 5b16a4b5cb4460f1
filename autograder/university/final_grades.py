"""The grades as the gradebook has them in the end: manual scores and late penalties included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    SubmittedAssignment,
    SubmittedNotebook,
)

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
    query = gradebook.db.query(SubmittedAssignment).join(Assignment)
    submissions = query.filter(Assignment.name == assignment)
    waiting = _waiting(gradebook, assignment)
    return {each.student_id: _grade(each, assignment, waiting) for each in submissions}


def _grade(submission: SubmittedAssignment, assignment: str, waiting: set[str]) -> FinalGrade:
    if submission.id in waiting:
        score, state = None, State.NOT_GRADED
    else:
        penalty = submission.late_submission_penalty or 0.0
        score = round(max(0.0, submission.score - penalty), 2)  # as nbgrader's own exporter does
        state = State.HAND_GRADING_OPEN if submission.needs_manual_grade else State.GRADED
    return FinalGrade(
        submission.student_id,
        assignment,
        score,
        float(submission.max_score),
        state,
        submission.timestamp,
        submission.total_seconds_late,
    )


def _waiting(gradebook: Gradebook, assignment: str) -> set[str]:
    """Return the ids of the submissions with a check cell that has no score of any kind."""
    query = (
        gradebook.db.query(SubmittedNotebook.assignment_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(
            Assignment.name == assignment,
            GradeCell.cell_type == "code",
            Grade.auto_score.is_(None),
            Grade.manual_score.is_(None),
        )
    )
    return {identity for (identity,) in query}
