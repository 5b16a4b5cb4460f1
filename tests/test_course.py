"""A course folder: where its rooms are."""

import shutil

import pytest

from autograder.course import CourseError, open_course
from tests.classroom import found
from tests.units import ROOT


def test_the_rooms_of_a_course(tmp_path):
    course = open_course(found(tmp_path / "course").root)
    assert course.classroom == tmp_path / "course" / "classroom"
    assert course.solutions == tmp_path / "course" / "solutions"
    assert course.released("mse") == course.classroom / "release" / "mse" / "mse.ipynb"
    record = course.record_file("ann", "mse")
    assert record == course.classroom / "autograded" / "ann" / "mse" / "mse.record.json"


def test_nbgrader_sees_the_same_course(tmp_path):
    course = open_course(found(tmp_path / "course").root)
    assert course.api().coursedir.root == str(course.classroom)
    assert course.api().coursedir.course_id == "lossgrad"


def test_a_folder_that_is_no_course_is_said_to_be_none(tmp_path):
    with pytest.raises(CourseError, match=r"has no nbgrader_config\.py") as caught:
        open_course(tmp_path)
    assert "Go to the folder" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2


def test_the_exchange_is_where_the_environment_says(tmp_path, monkeypatch):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    monkeypatch.setenv("LOSSGRAD_EXCHANGE", str(tmp_path))
    assert open_course(tmp_path).config.Exchange.root == str(tmp_path)
    monkeypatch.setenv("LOSSGRAD_EXCHANGE", str(tmp_path / "missing"))
    assert open_course(tmp_path).config.Exchange.root == str(tmp_path / "classroom" / "exchange")
