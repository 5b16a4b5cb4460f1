"""The gradebook of a run: one transaction for each submission, and faults told in two lines."""

import shutil
import sqlite3
from datetime import datetime

import nbformat.v4
import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import gradebook
from autograder.gradebook import GradebookError, Place, RunGradebook, Saving, notebooks_of

CELL = {"max_score": 4, "cell_type": "code"}
WHEN = datetime(2026, 3, 1, 12)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A gradebook with an assignment of two notebooks; nbgrader takes seconds to make one."""
    folder = tmp_path_factory.mktemp("template")
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "lossgrad") as book:
        book.add_assignment("week 1")
        for notebook in ("mse", "essay"):
            book.add_notebook(notebook, "week 1")
            book.add_grade_cell("checks", notebook, "week 1", **CELL)
            book.add_solution_cell("answer", notebook, "week 1")
    return folder / "gradebook.db"


@pytest.fixture
def coursedir(tmp_path, template):
    shutil.copy(template, tmp_path)
    return CourseDirectory(root=str(tmp_path), course_id="lossgrad")


@pytest.fixture
def book(coursedir):
    book = RunGradebook(coursedir)
    yield book
    book.end()


def saving(book, coursedir, **settings):
    return Saving(book, Autograde(coursedir=coursedir, config=Config(settings)))


def place(student="ada", handed_in=("mse",), timestamp=WHEN):
    return Place(student, "week 1", "mse", handed_in, timestamp)


def graded(score):
    """Return a notebook with one graded cell that came to a score."""
    cell = nbformat.v4.new_code_cell("checks")
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": "checks",
        "cell_type": "code",
        "grade": True,
        "solution": False,
        "task": False,
        "locked": True,
        "points": 4,
    }
    data = {"text/plain": f"{score:.2f}"}
    cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=None)]
    return nbformat.v4.new_notebook(cells=[cell])


def grades(coursedir, student="ada"):
    with Gradebook(coursedir.db_url, "lossgrad") as book:
        submission = book.find_submission("week 1", student)
        return {
            notebook.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


class TestSaving:
    def test_a_missing_notebook_gets_zero(self, book, coursedir):
        saving(book, coursedir).save(graded(2.5), place())
        assert grades(coursedir) == {"mse": (2.5, None, False), "essay": (0, None, False)}

    def test_a_notebook_that_is_there_is_left_alone(self, book, coursedir):
        saving(book, coursedir).save(graded(2.5), place(handed_in=("mse", "essay")))
        assert grades(coursedir)["essay"] == (None, None, True)

    def test_a_manual_score_is_kept_and_asked_to_be_looked_at(self, book, coursedir):
        saving(book, coursedir).save(graded(2.5), place())
        with Gradebook(coursedir.db_url, "lossgrad") as other:
            grade = other.find_grade("checks", "mse", "week 1", "ada")
            grade.manual_score, grade.needs_manual_grade = 3, False
            other.db.commit()
        saving(book, coursedir).save(graded(1), place())
        assert grades(coursedir)["mse"] == (1, 3, True)

    def test_the_time_stays_if_none_is_known(self, book, coursedir):
        saving(book, coursedir).save(graded(2.5), place())
        saving(book, coursedir).save(graded(2.5), place(timestamp=None))
        with Gradebook(coursedir.db_url, "lossgrad") as other:
            assert other.find_submission("week 1", "ada").timestamp == WHEN

    def test_an_unknown_student_is_made_known_only_if_that_is_wanted(self, book, coursedir):
        with pytest.raises(MissingEntry, match="ada"):
            saving(book, coursedir, Autograde={"create_student": False}).save(graded(1), place())
        with Gradebook(coursedir.db_url, "lossgrad") as other:
            assert not other.students

    def test_steps_that_are_configured_are_taken(self, book, coursedir):
        settings = {
            "LimitOutput": {"max_lines": 2},
            "SaveAutoGrades": {"enabled": False},
        }
        notebook = graded(2.5)
        printed = nbformat.v4.new_output("stream", text="line\n" * 9)
        notebook.cells.append(nbformat.v4.new_code_cell("", outputs=[printed]))
        saved = saving(book, coursedir, **settings).save(notebook, place())
        assert saved.cells[1].outputs[0].text.count("line") < 9
        assert grades(coursedir)["mse"] == (None, None, True)

    def test_all_of_a_submission_is_saved_or_nothing(self, book, coursedir, monkeypatch):
        def fail(*_):
            raise ZeroDivisionError

        monkeypatch.setattr(gradebook._LatePenalties, "preprocess", fail)
        with pytest.raises(ZeroDivisionError):
            saving(book, coursedir).save(graded(2.5), place())
        with Gradebook(coursedir.db_url, "lossgrad") as other:
            assert not other.students

    def test_nothing_of_a_submission_stays_in_memory(self, book, coursedir):
        save = saving(book, coursedir).save
        for number in range(3):
            save(graded(number), place(f"student {number}"))
            assert not list(book.db().identity_map.values())


class TestFaults:
    def test_a_missing_gradebook_is_not_made(self, tmp_path):
        with pytest.raises(GradebookError, match="There is no gradebook"):
            RunGradebook(CourseDirectory(root=str(tmp_path)))
        assert not list(tmp_path.iterdir())

    def test_an_unknown_assignment_is_told_with_those_there_are(self, book):
        assert set(notebooks_of(book, "week 1")) == {"mse", "essay"}
        with pytest.raises(GradebookError, match=r"'week 2'.*there is: week 1") as fault:
            notebooks_of(book, "week 2")
        assert len(str(fault.value).splitlines()) == 2

    def test_a_locked_gradebook(self, coursedir, tmp_path, monkeypatch, capfd):
        monkeypatch.setattr(gradebook, "SQLITE_TIMEOUT", 0.1)
        book = RunGradebook(coursedir)
        other = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError, match="database is locked") as fault:
            saving(book, coursedir).save(graded(2.5), place())
        assert len(str(fault.value).splitlines()) == 2
        other.execute("ROLLBACK")
        other.close()
        saving(book, coursedir).save(graded(2.5), place())
        assert grades(coursedir)["mse"][0] == 2.5
        book.end()
        assert capfd.readouterr().err == ""

    def test_a_file_that_is_no_database(self, tmp_path):
        (tmp_path / "gradebook.db").write_text("scores: all good, trust me " * 99)
        with pytest.raises(GradebookError, match="not a database"):
            RunGradebook(CourseDirectory(root=str(tmp_path)))

    def test_a_password_is_not_shown(self, tmp_path):
        url = "postgresql+psycopg://grader:s3cret@127.0.0.1:1/grades"
        with pytest.raises(GradebookError) as fault:
            RunGradebook(CourseDirectory(root=str(tmp_path), db_url=url))
        assert "127.0.0.1:1" in str(fault.value)
        assert "s3cret" not in str(fault.value)

    def test_an_address_that_is_none(self, tmp_path):
        with pytest.raises(GradebookError, match="cannot be used"):
            RunGradebook(CourseDirectory(root=str(tmp_path), db_url="my gradebook"))
