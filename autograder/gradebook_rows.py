"""The rows of an assignment and of a submission in nbgrader's gradebook, read and written together.

nbgrader reads and writes them one by one through its objects, in some forty queries. The tables,
their defaults and the rules for lateness and scores are nbgrader's; only the way there differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nbgrader import api
from nbgrader.api import MissingEntry, new_uuid
from sqlalchemy import Row, Table, and_, bindparam, func, insert, select, update
from sqlalchemy.engine import Connection

GRADED = ("GradeCell", "TaskCell")  # nbgrader's kinds of cells that have a grade
COMMENTED = ("SolutionCell", "TaskCell")
PENALTY = "late_submission_penalty"


@dataclass
class Grade:
    """The grade of one cell, as far as a grading reads or writes it."""

    id: str
    notebook_id: str
    cell_id: str
    auto_score: float | None = None
    manual_score: float | None = None
    needs_manual_grade: bool = True


@dataclass
class Comment:
    """The comment on one cell, as far as a grading writes it."""

    id: str
    notebook_id: str
    cell_id: str
    auto_comment: str | None = None


@dataclass
class SubmittedNotebook:
    """A submitted notebook, with its grades and comments by name of the cell.

    Its methods are what nbgrader's `SaveAutoGrades` asks of a gradebook. `score` is what
    `Submission.read_score` read.
    """

    id: str
    notebook_id: str
    late_submission_penalty: float | None = None
    grades: dict[str, Grade] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    score: float = 0.0

    def find_grade(self, cell: str, *_) -> Grade:
        """Return the grade of a cell. Raises MissingEntry if there is none."""
        return _known(self.grades, cell)

    def find_comment(self, cell: str, *_) -> Comment:
        """Return the comment on a cell. Raises MissingEntry if there is none."""
        return _known(self.comments, cell)

    @property
    def db(self) -> SubmittedNotebook:
        """What nbgrader calls `commit` of after each cell."""
        return self

    def commit(self) -> None:
        """Do nothing: a submission is written together."""


@dataclass(frozen=True)
class Assignment:
    """An assignment with the ids of its notebooks by name.

    `cells` are rows of (notebook_id, id, name, type, grade_points, task_points); of the points, one
    is None or both.
    """

    id: str
    name: str
    duedate: datetime | None
    notebooks: Mapping[str, str]
    cells: Sequence[Row]


@dataclass
class Submission:
    """A student's submission of an assignment, with its notebooks by name.

    `written` is what of it is in the gradebook, None if nothing is.
    """

    id: str
    student_id: str
    assignment: Assignment
    timestamp: datetime | None
    extension: timedelta | None = None
    notebooks: dict[str, SubmittedNotebook] = field(default_factory=dict)
    written: dict[Table, list[dict]] | None = None

    duedate = api.SubmittedAssignment.duedate
    total_seconds_late = api.SubmittedAssignment.total_seconds_late

    def find_notebook(self, name: str) -> SubmittedNotebook:
        """Return a notebook. Raises MissingEntry if the submission was made without it."""
        if name not in self.notebooks:
            place = f"{self.assignment.name}/{name} for {self.student_id}"
            raise MissingEntry(f"No such submitted notebook: {place}")
        return self.notebooks[name]

    def read_score(self, connection: Connection, notebook: SubmittedNotebook) -> None:
        """Write what is known, and have the database sum up a notebook's score."""
        self.write(connection)
        cells = [grade.cell_id for grade in notebook.grades.values()]
        notebook.score = connection.scalar(_SCORE, {"notebooks": [notebook.id], "cells": cells})

    def write(self, connection: Connection) -> None:
        """Write all rows of a new submission, and of one that was read those that changed."""
        rows = self.changeable()
        if self.written is None:
            for table, values in self._all():
                if values:
                    connection.execute(_INSERT[table], values)
        else:
            for table, values in rows.items():
                if changed := [row for row in values if row not in self.written[table]]:
                    connection.execute(_UPDATE[table], changed)
        self.written = rows

    def changeable(self) -> dict[Table, list[dict]]:
        """Return what a grading may change in rows that are there."""
        grades, comments = self._grades_and_comments()
        return {
            _submissions: [_changed(self, "timestamp")],
            _notebooks: [_changed(each, PENALTY) for each in self.notebooks.values()],
            _grades: [_changed(each, "auto_score", "needs_manual_grade") for each in grades],
            _comments: [_changed(each, "auto_comment") for each in comments],
        }

    def _all(self) -> list[tuple[Table, list[dict]]]:
        grades, comments = self._grades_and_comments()
        notebooks = self.notebooks.values()
        return [
            (_submissions, [_row(self, "student_id", "timestamp", of=self.assignment)]),
            (_notebooks, [_row(each, "notebook_id", PENALTY, of=self) for each in notebooks]),
            (_grades, [vars(each) for each in grades]),
            (_comments, [vars(each) for each in comments]),
        ]

    def _grades_and_comments(self) -> tuple[list[Grade], list[Comment]]:
        notebooks = self.notebooks.values()
        return (
            [grade for notebook in notebooks for grade in notebook.grades.values()],
            [comment for notebook in notebooks for comment in notebook.comments.values()],
        )


def read_assignment(connection: Connection, name: str) -> Assignment:
    """Return an assignment. Raises MissingEntry if it is not in the gradebook."""
    found = connection.execute(_ASSIGNMENT, {"name": name}).one_or_none()
    if found is None:
        raise MissingEntry(f"No such assignment: {name}")
    ids = {"assignment": found.id}
    notebooks = {row.name: row.id for row in connection.execute(_NOTEBOOKS, ids)}
    return Assignment(
        found.id, name, found.duedate, notebooks, connection.execute(_CELLS, ids).all()
    )


def read_sources(connection: Connection, notebook_id: str) -> Sequence[Row]:
    """Return the rows of a released notebook's source cells."""
    return connection.execute(_SOURCES, {"notebook": notebook_id}).all()


def read_submission(
    connection: Connection,
    assignment: Assignment,
    student: str,
    timestamp: datetime | None,
    create_student: bool,
) -> Submission:
    """Return a student's submission as the gradebook has it, or a new one, which is not in it yet.

    A student who is unknown is made known if wanted; otherwise MissingEntry is raised.
    """
    ids = {"assignment": assignment.id, "student": student}
    found = connection.execute(_STUDENT_AND_SUBMISSION, ids).one_or_none()
    if found is None and not create_student:
        raise MissingEntry(f"No such student: {student}")
    if found is None:
        connection.execute(_INSERT[_students], {"id": student})
    if found is None or found.id is None:
        submission = Submission(new_uuid(), student, assignment, timestamp)
        _mirror(submission)
    else:
        submission = Submission(found.id, student, assignment, found.timestamp, found.extension)
        _read_parts(connection, submission)
        submission.written = submission.changeable()
        submission.timestamp = timestamp or found.timestamp
    return submission


def _mirror(submission: Submission) -> None:
    """Give a new submission all the parts that nbgrader gives it."""
    assignment = submission.assignment
    parts = {
        notebook_id: SubmittedNotebook(new_uuid(), notebook_id)
        for notebook_id in assignment.notebooks.values()
    }
    for cell in assignment.cells:
        notebook = parts[cell.notebook_id]
        if cell.type in GRADED:
            notebook.grades[cell.name] = Grade(new_uuid(), notebook.id, cell.id)
        if cell.type in COMMENTED:
            notebook.comments[cell.name] = Comment(new_uuid(), notebook.id, cell.id)
    submission.notebooks = {name: parts[each] for name, each in assignment.notebooks.items()}


def _read_parts(connection: Connection, submission: Submission) -> None:
    assignment = submission.assignment
    names = {notebook_id: name for name, notebook_id in assignment.notebooks.items()}
    cells = {cell.id: cell.name for cell in assignment.cells}
    ids = {"submission": submission.id, "notebooks": list(names)}
    parts = {row.id: SubmittedNotebook(*row) for row in connection.execute(_SUBMITTED, ids)}
    ids = {"notebooks": list(parts), "cells": list(cells)}
    for row in connection.execute(_GRADES, ids):
        parts[row.notebook_id].grades[cells[row.cell_id]] = Grade(*row)
    for row in connection.execute(_COMMENTS, ids):
        parts[row.notebook_id].comments[cells[row.cell_id]] = Comment(*row)
    submission.notebooks = {names[part.notebook_id]: part for part in parts.values()}


def _known(parts, cell):
    if cell not in parts:
        raise MissingEntry(f"the cell {cell!r} was not there when the submission was first graded")
    return parts[cell]


def _row(part, *columns: str, of) -> dict:
    return {"id": part.id, "assignment_id": of.id} | _values(part, columns)


def _changed(part, *columns: str) -> dict:
    return {"row": part.id} | _values(part, columns)


def _values(part, columns) -> dict:
    return {column: getattr(part, column) for column in columns}


_assignments, _master_notebooks, _base_cells, _grade_cells, _task_cells = (
    kind.__table__
    for kind in (api.Assignment, api.Notebook, api.BaseCell, api.GradeCell, api.TaskCell)
)
_students, _submissions, _notebooks, _grades, _comments = _written = [
    kind.__table__
    for kind in (
        api.Student,
        api.SubmittedAssignment,
        api.SubmittedNotebook,
        api.Grade,
        api.Comment,
    )
]
_INSERT = {table: insert(table) for table in _written}
_UPDATE = {table: update(table).where(table.c.id == bindparam("row")) for table in _written}


def _in(column, name):
    return column.in_(bindparam(name, expanding=True))


def _parts_of(table):
    # The index that nbgrader's tables have begins with the cell: a query for the notebook alone
    # would read the whole table, and take longer with every submission.
    return and_(_in(table.c.cell_id, "cells"), _in(table.c.notebook_id, "notebooks"))


_ASSIGNMENT = select(_assignments.c.id, _assignments.c.duedate).where(
    _assignments.c.name == bindparam("name")
)
_NOTEBOOKS = (
    select(_master_notebooks.c.id, _master_notebooks.c.name)
    .where(_master_notebooks.c.assignment_id == bindparam("assignment"))
    .order_by(_master_notebooks.c.name)
)
_CELLS = (
    select(
        *(_base_cells.c[name] for name in ("notebook_id", "id", "name", "type")),
        _grade_cells.c.max_score.label("grade_points"),
        _task_cells.c.max_score.label("task_points"),
    )
    .join(_master_notebooks)
    .outerjoin(_grade_cells, _grade_cells.c.id == _base_cells.c.id)
    .outerjoin(_task_cells, _task_cells.c.id == _base_cells.c.id)
    .where(_master_notebooks.c.assignment_id == bindparam("assignment"))
)
_SOURCES = select(api.SourceCell.__table__).where(
    api.SourceCell.__table__.c.notebook_id == bindparam("notebook")
)
_STUDENT_AND_SUBMISSION = (
    select(_submissions.c.id, _submissions.c.timestamp, _submissions.c.extension)
    .select_from(_students)
    .outerjoin(
        _submissions,
        and_(
            _submissions.c.student_id == _students.c.id,
            _submissions.c.assignment_id == bindparam("assignment"),
        ),
    )
    .where(_students.c.id == bindparam("student"))
)
_SUBMITTED = select(_notebooks.c.id, _notebooks.c.notebook_id, _notebooks.c[PENALTY]).where(
    _in(_notebooks.c.notebook_id, "notebooks"),
    _notebooks.c.assignment_id == bindparam("submission"),
)
_GRADES = select(*(_grades.c[name] for name in Grade.__dataclass_fields__)).where(
    _parts_of(_grades)
)
_COMMENTS = select(*(_comments.c[name] for name in Comment.__dataclass_fields__)).where(
    _parts_of(_comments)
)
_SCORE = select(func.coalesce(func.sum(api.Grade.score), 0.0)).where(_parts_of(_grades))
