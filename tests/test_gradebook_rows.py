"""Rows are what nbgrader's own objects would have made, and are reached in few quick queries."""

import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import event

from autograder.gradebook import RunGradebook
from autograder.gradebook_rows import read_assignment, read_submission

DUE = datetime(2026, 3, 1)
CELL = {"max_score": 4, "cell_type": "code"}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A gradebook with all kinds of cells; `bob` has a submission that nbgrader made."""
    folder = tmp_path_factory.mktemp("template")
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "lossgrad") as book:
        book.add_assignment("week 1", duedate=DUE)
        for notebook in ("mse", "essay"):
            book.add_notebook(notebook, "week 1")
            book.add_grade_cell("checks", notebook, "week 1", **CELL)
            book.add_grade_cell("why", notebook, "week 1", max_score=2, cell_type="markdown")
            book.add_solution_cell("why", notebook, "week 1")
            book.add_solution_cell("answer", notebook, "week 1")
            book.add_task_cell("draw", notebook, "week 1", max_score=1, cell_type="markdown")
        book.add_student("bob")
        book.add_submission("week 1", "bob", timestamp=DUE)
    return folder / "gradebook.db"


@pytest.fixture
def book(tmp_path, template):
    shutil.copy(template, tmp_path)
    book = RunGradebook(CourseDirectory(root=str(tmp_path), course_id="lossgrad"))
    yield book
    book.end()


@contextmanager
def submission(book, student, timestamp=DUE, *, create=True):
    """Give a submission as it is read, and write it afterwards."""
    with book.transaction() as connection:
        assignment = read_assignment(connection, "week 1")
        found = read_submission(connection, assignment, student, timestamp, create)
        yield found
        found.write(connection)


@contextmanager
def queries(book):
    """Collect what is asked of the database, with the values."""
    asked = []

    def note(connection, cursor, statement, values, context, many):
        asked.append((statement, values[0] if many else values))

    event.listen(book.engine, "before_cursor_execute", note)
    yield asked
    event.remove(book.engine, "before_cursor_execute", note)


def rows(book, student):
    """Return all that the gradebook has of a student, without random ids."""
    tables = {
        "submitted_assignment": "a.timestamp, a.extension",
        "submitted_notebook": "n.flagged, n.late_submission_penalty",
        "grade": "p.auto_score, p.manual_score, p.extra_credit, p.needs_manual_grade, c.name",
        "comment": "p.auto_comment, p.manual_comment, c.name",
    }
    joined = (
        "submitted_assignment a join submitted_notebook n on n.assignment_id = a.id"
        " join notebook m on n.notebook_id = m.id"
    )
    found = {}
    with closing(sqlite3.connect(book.url.database)) as connection:
        for table, columns in tables.items():
            part = f" join {table} p on p.notebook_id = n.id join base_cell c on p.cell_id = c.id"
            source = joined + (part if table in ("grade", "comment") else "")
            query = f"select m.name, {columns} from {source} where a.student_id = ?"
            found[table] = sorted(connection.execute(query, [student]).fetchall(), key=str)
    return found


def test_a_new_submission_has_the_parts_that_nbgrader_gives_it(book):
    with submission(book, "ada"):
        pass
    made = rows(book, "ada")
    assert made == rows(book, "bob")
    assert {table: len(found) for table, found in made.items()} == {
        "submitted_assignment": 2,
        "submitted_notebook": 2,
        "grade": 6,
        "comment": 6,
    }


def test_what_is_written_is_read_again(book):
    for score, comment in ((2.5, "No response."), (1.0, None)):
        with submission(book, "ada", DUE + timedelta(hours=1)) as written:
            notebook = written.find_notebook("mse")
            notebook.find_grade("checks").auto_score = score
            notebook.find_comment("answer").auto_comment = comment
            notebook.late_submission_penalty = score / 2
        with submission(book, "ada", None) as found:
            assert found.timestamp == DUE + timedelta(hours=1)
            assert found.total_seconds_late == 3600
            assert found.notebooks == written.notebooks


def test_a_score_is_summed_up_as_nbgrader_does(book):
    with Gradebook(f"sqlite:///{book.url.database}", "lossgrad") as other:
        grade = other.find_grade("why", "mse", "week 1", "bob")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        other.db.commit()
    with book.transaction() as connection:
        assignment = read_assignment(connection, "week 1")
        found = read_submission(connection, assignment, "bob", None, False)
        notebook = found.find_notebook("mse")
        notebook.find_grade("checks").auto_score = 2.0
        notebook.find_grade("why").auto_score = 0.5
        found.read_score(connection, notebook)
    assert notebook.score == 3.75
    with Gradebook(f"sqlite:///{book.url.database}", "lossgrad") as other:
        assert other.find_submission_notebook("mse", "week 1", "bob").score == 3.75


def test_only_what_changed_is_written_over(book):
    """A human may grade the rest at the same time."""
    with queries(book) as asked, submission(book, "bob") as found:
        found.find_notebook("mse").find_grade("checks").auto_score = 4.0
    written = [query for query, _ in asked if not query.startswith(("SELECT", "BEGIN"))]
    assert len(written) == 1
    assert "manual_score" not in written[0]


def test_what_was_not_there_at_the_first_grading_is_told(book):
    with Gradebook(f"sqlite:///{book.url.database}", "lossgrad") as other:
        other.add_notebook("late", "week 1")
        other.add_grade_cell("late", "mse", "week 1", **CELL)
    with submission(book, "bob") as found:
        with pytest.raises(MissingEntry, match="week 1/late for bob"):
            found.find_notebook("late")
        with pytest.raises(MissingEntry, match="'late' was not there"):
            found.find_notebook("mse").find_grade("late")


def test_the_unknown_is_told(book):
    with book.transaction() as connection, pytest.raises(MissingEntry, match="week 2"):
        read_assignment(connection, "week 2")
    with pytest.raises(MissingEntry, match="ada"), submission(book, "ada", create=False):
        pass


@pytest.mark.parametrize(("student", "most"), [("ada", 10), ("bob", 12)])
def test_a_submission_takes_few_queries_and_none_that_reads_a_whole_table(book, student, most):
    """So that the ten thousandth submission takes no longer than the first."""
    with queries(book) as asked, submission(book, student, DUE + timedelta(days=1)) as found:
        for notebook in found.notebooks.values():
            notebook.late_submission_penalty = 0.0
            for grade in notebook.grades.values():
                grade.auto_score, grade.needs_manual_grade = 0.0, False
            for comment in notebook.comments.values():
                comment.auto_comment = "No response."
    assert 0 < len(asked) <= most
    grows = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
    with closing(sqlite3.connect(book.url.database)) as connection:
        for query, values in asked:
            if not query.startswith("BEGIN"):
                plan = connection.execute(f"explain query plan {query}", values).fetchall()
                assert not {f"SCAN {table}" for table in grows} & {step[3] for step in plan}
