"""nbgrader's gradebook, opened once for a whole run, with one transaction for each submission.

Stock nbgrader makes a new database engine for every step of every submission. The steps here are
nbgrader's own (save scores and comments, late penalties); they find their rows in
`autograder.gradebook_rows`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    Execute,
    SaveAutoGrades,
)
from sqlalchemy import text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from traitlets.utils.importstring import import_item

from autograder.course import CourseError
from autograder.gradebook_rows import (
    Submission,
    read_assignment,
    read_sources,
    read_submission,
)
from autograder.restoring import ReleasedCell

SQLITE_TIMEOUT = 60  # seconds to wait for another process that writes


class GradebookError(CourseError):
    """The gradebook cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Which notebook of whose submission is saved, and when the submission was handed in.

    `handed_in` are the names of all notebooks in the submission.
    """

    student: str
    assignment: str
    notebook: str
    handed_in: Collection[str]
    timestamp: datetime | None


class RunGradebook(Gradebook):
    """A gradebook for one run: an engine for all of it, closed by `end`.

    Raises GradebookError if there is none yet, or it cannot be used.
    """

    def __init__(self, coursedir: CourseDirectory):
        with _told(coursedir.db_url):
            url = make_url(coursedir.db_url)
            if url.get_backend_name() == "sqlite":
                _check_file(Path(url.database or ""))
                url = url.update_query_dict(
                    {"timeout": url.query.get("timeout", str(SQLITE_TIMEOUT))}
                )
            super().__init__(url.render_as_string(hide_password=False), coursedir.course_id)
        self.url = url

    def close(self) -> None:
        """Do nothing: nbgrader's steps close their gradebook after each use."""

    def end(self) -> None:
        """Close the connections at the end of the run."""
        super().close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Keep all that is done inside, or nothing of it if something fails.

        It yields the connection that `db` uses.

        Raises GradebookError if the database cannot be read or written.
        """
        with _told(str(self.url)):
            try:
                if self.url.get_backend_name() == "sqlite":
                    # Waits for others here, where nothing has been read that they could change.
                    self.db.execute(text("BEGIN IMMEDIATE"))
                yield self.db.connection()
                self.db.commit()
            except BaseException:
                self.db.rollback()
                raise
            finally:
                self.db.remove()  # forget the objects, or memory would grow with the class


def notebooks_of(gradebook: RunGradebook, assignment: str) -> tuple[str, ...]:
    """Return the names of an assignment's notebooks.

    Raises GradebookError if there is no such assignment.
    """
    with gradebook.transaction() as connection:
        try:
            return tuple(read_assignment(connection, assignment).notebooks)
        except MissingEntry:
            known = ", ".join(sorted(entry.name for entry in gradebook.assignments)) or "none"
            raise GradebookError(
                f"No assignment {assignment!r} is in the gradebook; there is: {known}.\n"
                f"To make it, type: nbgrader generate_assignment {assignment}"
            ) from None


def released_cells(
    gradebook: Gradebook, notebook_id: str, assignment_id: str
) -> list[ReleasedCell]:
    """Return the cells of a released notebook as the gradebook knows them.

    Raises MissingEntry if it does not know the notebook.
    """
    connection = gradebook.db.connection()
    assignment = read_assignment(connection, assignment_id)
    if notebook_id not in assignment.notebooks:
        raise MissingEntry(f"No such notebook: {assignment_id}/{notebook_id}")
    notebook = assignment.notebooks[notebook_id]
    cells = [cell for cell in assignment.cells if cell.notebook_id == notebook]
    points = {cell.name: cell.grade_points for cell in cells if cell.type == "GradeCell"}
    solutions = {cell.name for cell in cells if cell.type == "SolutionCell"}
    tasks = {cell.name: cell.task_points for cell in cells if cell.type == "TaskCell"}
    sources = read_sources(connection, notebook)
    return [_released_cell(cell, points, solutions, tasks) for cell in sources]


class Saving:
    """Saves graded notebooks with the steps that `nbgrader autograde` is configured to take."""

    def __init__(self, gradebook: RunGradebook, autograde: Autograde):
        self.gradebook = gradebook
        self.create_student = autograde.create_student
        self.steps = _steps(autograde)

    def save(self, notebook: NotebookNode, place: Place) -> NotebookNode:
        """Save one graded notebook's scores, comments and late penalty; return what is to be kept.

        Raises MissingEntry if the student is unknown and may not be made known.
        """
        about = {
            "student": place.student,
            "assignment": place.assignment,
            "notebook": place.notebook,
            "db_url": str(self.gradebook.url),
        }
        resources = {"nbgrader": about, "unique_key": place.notebook}
        with self.gradebook.transaction() as connection:
            submission = resources["submission"] = self._begin(connection, place)
            resources["connection"] = connection
            for step in self.steps:
                notebook, resources = step(notebook, resources)
            submission.write(connection)
        return notebook

    def _begin(self, connection: Connection, place: Place) -> Submission:
        assignment = read_assignment(connection, place.assignment)
        submission = read_submission(
            connection, assignment, place.student, place.timestamp, self.create_student
        )
        for name, notebook in submission.notebooks.items():
            if name not in place.handed_in:
                for grade in notebook.grades.values():
                    grade.auto_score = 0
                    grade.needs_manual_grade = False
        return submission


class _SaveScores(SaveAutoGrades):
    def preprocess(self, nb, resources):
        _take_ids(self, resources)
        self.gradebook = resources["submission"].find_notebook(self.notebook_id)
        for index, cell in enumerate(nb.cells):
            nb.cells[index], resources = self.preprocess_cell(cell, resources, index)
        return nb, resources


class _LatePenalties(AssignLatePenalties):
    def preprocess(self, nb, resources):
        _take_ids(self, resources)
        self.init_plugin()
        submission = resources["submission"]
        notebook = submission.find_notebook(self.notebook_id)
        notebook.late_submission_penalty = None
        late = submission.total_seconds_late
        if late > 0:
            submission.read_score(resources["connection"], notebook)
            penalty = self.plugin_inst.late_submission_penalty(
                self.student_id, notebook.score, late
            )
            if penalty is not None:
                notebook.late_submission_penalty = self._check_late_penalty(notebook, penalty)
        return nb, resources


def _steps(autograde: Autograde) -> Sequence[Preprocessor]:
    """Return what `nbgrader autograde` does after a run, with the rows read and written by us."""
    steps = []
    for kind in autograde.autograde_preprocessors:
        kind = import_item(kind) if isinstance(kind, str) else kind
        if issubclass(kind, SaveAutoGrades):
            steps.append(_SaveScores(config=autograde.config))
        elif issubclass(kind, AssignLatePenalties):
            steps.append(_LatePenalties(config=autograde.config))
        # Left out are the two whose work is done: it was run, and we wrote the metadata.
        elif not issubclass(kind, (Execute, CheckCellMetadata)):
            steps.append(kind(config=autograde.config))
    return steps


def _take_ids(step, resources) -> None:
    place = resources["nbgrader"]
    step.notebook_id, step.assignment_id = place["notebook"], place["assignment"]
    step.student_id, step.db_url = place["student"], place["db_url"]


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise GradebookError(
            f"There is no gradebook {path}. nbgrader generate_assignment makes it, for example:\n"
            "lossgrad build mse && nbgrader generate_assignment mse"
        )


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Tell faults of the database in a line or two, without nbgrader's tracebacks."""
    before, api.app_log.disabled = api.app_log.disabled, True
    try:
        yield
    except ModuleNotFoundError as error:
        raise GradebookError(
            f"The gradebook {_without_password(url)} needs the package {error.name}.\n"
            "For PostgreSQL type: pip install 'lossgrad[postgresql]'"
        ) from None
    except (SQLAlchemyError, api.InvalidEntry) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise GradebookError(
            f"The gradebook {_without_password(url)} cannot be used: {reason}.\n{_remedy(reason)}"
        ) from error
    finally:
        api.app_log.disabled = before


def _remedy(reason: str) -> str:
    if "locked" in reason:
        return "Another program is writing to it. Close it, and type the same command again."
    if "no such column" in reason or "no such table" in reason:
        return "An older nbgrader made it. Make a copy of it, then type: nbgrader db upgrade"
    return "What was graded is kept. Mend this, and type the same command again."


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return repr(url)


def _released_cell(cell, points, solutions, tasks) -> ReleasedCell:
    metadata = {
        "schema_version": 3,
        "grade_id": cell.name,
        "cell_type": cell.cell_type,
        "checksum": cell.checksum,
        "grade": cell.name in points,
        "solution": cell.name in solutions,
        "task": cell.name in tasks,
        "locked": cell.locked,
    }
    worth = points.get(cell.name, tasks.get(cell.name))
    if worth is not None:
        metadata["points"] = worth
    return ReleasedCell(cell.name, cell.cell_type, metadata, cell.locked, cell.source)
