"""A course folder: where its rooms are."""

import shutil

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.course import CourseError, open_course
from autograder.nbgrader_plugin import GradeTasks
from autograder.university.canvas import CanvasExport
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


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        (GradeTasks, "Execute.timeout = 'long'"),
        (GradeTasks, "GradeTasks.notebook_timeout = 0"),
        (CanvasExport, "CanvasExport.roster = 5"),
        (CourseDirectory, "CourseDirectory.db_url = None"),
    ],
)
def test_a_wrong_setting_is_told_in_two_lines(tmp_path, kind, setting):
    folder = found(tmp_path / "course").root
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.{setting}\n")
    name = setting.partition(" ")[0].rpartition(".")[2]
    with pytest.raises(CourseError, match=rf"_config\.py is wrong: .*{name}") as caught:
        open_course(folder).configured(kind)
    assert len(str(caught.value).splitlines()) == 2
