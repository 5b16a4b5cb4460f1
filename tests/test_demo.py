"""The demo on two students of one unit."""

import io
import shutil

import pytest
from rich.console import Console

from autograder import demo
from autograder.course import CourseError, open_course
from tests.classroom import found, sample_named
from tests.units import ROOT

STUDENTS = ("all-right", "missing-mean")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one unit with a class of two."""
    classroom = found(tmp_path / "course")
    for name, value in classroom.environment.items():
        monkeypatch.setenv(name, value)
    exercises = classroom.root / "exercises"
    shutil.rmtree(exercises)
    exercises.mkdir()
    for name in ("mse.md", "selfcheck.py", "data"):
        (exercises / name).symlink_to(ROOT / "exercises" / name)
    students = classroom.root / demo.SAMPLE_CLASS
    students.mkdir(parents=True)
    for name in STUDENTS:
        folder = sample_named("mse", name).folder
        (students / folder.name).symlink_to(folder)
    monkeypatch.chdir(classroom.root)
    return open_course(classroom.root)


def printed(course):
    page = io.StringIO()
    right = demo.run(course, Console(file=page, width=120))
    return right, page.getvalue()


def test_it_builds_grades_and_shows_a_class(course):
    right, page = printed(course)
    assert right
    assert "2 of 2 scores are as expected" in page
    assert "missing-mean" in page
    assert "lossgrad explain missing-mean mse" in page
    assert (course.classroom / "feedback" / "missing-mean" / "mse" / "mse.html").exists()
    rows = (course.classroom / "grades.csv").read_text().splitlines()
    assert len(rows) == 3

    # Again, over its own class, which has changed: a score that is not the expected one shows.
    students = course.root / demo.SAMPLE_CLASS
    (students / sample_named("mse", "missing-mean").folder.name).unlink()
    wrong = students / "mse_17.00_all-right"
    (students / sample_named("mse", "all-right").folder.name).rename(wrong)
    right, page = printed(course)
    assert not right
    assert "0 of 1 scores are as expected" in page


def test_it_leaves_a_real_class_alone(course):
    (course.classroom / "submitted").mkdir(parents=True)
    with pytest.raises(CourseError, match="holds a class already"):
        demo.run(course, Console(file=io.StringIO()))
    assert (course.classroom / "submitted").exists()
