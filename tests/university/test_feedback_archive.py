"""Feedback goes back under the names that the hand-ins came with."""

import zipfile

import pytest

from autograder.course import CourseError
from autograder.university import collecting, feedback_archive
from tests.university.archive import canvas, gradebook, moodle, student, worksheet
from tests.university.names import NAMES, in_canvas, in_moodle

MOODLE = {student(n): in_moodle(*name, 9000 + n) for n, name in enumerate(NAMES)}
CANVAS = {
    student(n): in_canvas(*name, 1000 + n, 50_000 + n, n in (3, 7)) for n, name in enumerate(NAMES)
}


@pytest.fixture
def feedback(university):
    for number in range(len(NAMES)):
        folder = university.folder / "feedback" / student(number) / "mse"
        folder.mkdir(parents=True)
        (folder / "mse.html").write_text(f"feedback for {number}")
    return university


def pack(university, system, roster=None):
    path = university.root / "feedback.zip"
    packed = feedback_archive.pack(university.course, system, "mse", path, roster)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return packed, {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize(
    ("system", "make", "roster", "names"),
    [("moodle", moodle, worksheet, MOODLE), ("canvas", canvas, gradebook, CANVAS)],
)
def test_names_are_those_of_the_download(feedback, system, make, roster, names):
    path = feedback.write("roster.csv", roster())
    archive = make(feedback.root / "a.zip")
    collecting.collect(feedback.course, system, "mse", archive, path)
    packed, files = pack(feedback, system)
    numbers = {name.split("_assign")[0].rsplit("_", 1)[-1] for name in files}
    if system == "moodle":  # the number is what Moodle reads; composed letters are the same names
        assert numbers == {str(9000 + number) for number in range(len(NAMES))}
        assert all(name.endswith("_assignsubmission_file/mse.html") for name in files)
    assert files[f"{names['s000']}mse.html"] == "feedback for 0"
    assert packed.students == len(files) == 50
    assert packed.left_out == packed.notes == []


def test_a_worksheet_does_as_well(feedback):
    path = feedback.write("worksheet.csv", worksheet())
    with feedback.book() as book:
        for number in range(len(NAMES)):
            book.add_student(student(number))
    _, files = pack(feedback, "moodle", path)
    assert len(files) == 50
    assert files[in_moodle("Conor", "O'Brien", 9008) + "mse.html"] == "feedback for 8"


def test_who_is_missing_is_told(feedback):
    path = feedback.write("roster.csv", worksheet())
    collecting.collect(feedback.course, "moodle", "mse", moodle(feedback.root / "a.zip"), path)
    (feedback.folder / "feedback" / "s000" / "mse" / "mse.html").unlink()
    (feedback.folder / "feedback" / "s001").rename(feedback.folder / "feedback" / "stranger")
    packed, files = pack(feedback, "moodle")
    assert len(files) == 48
    assert packed.left_out == ["stranger: was not in the archive from Moodle"]
    assert packed.notes == ["s000: has no feedback", "s001: has no feedback"]


def test_old_feedback_is_told(feedback):
    path = feedback.write("roster.csv", worksheet())
    collecting.collect(feedback.course, "moodle", "mse", moodle(feedback.root / "a.zip"), path)
    graded = feedback.folder / "autograded" / "s004" / "mse"
    graded.mkdir(parents=True)
    (graded / "mse.ipynb").write_text("{}")
    packed, _ = pack(feedback, "moodle")
    assert packed.notes == ["s004: was graded again after this feedback was made"]


def test_no_feedback_is_told(university):
    with pytest.raises(CourseError, match="nbgrader generate_feedback mse"):
        pack(university, "moodle")


@pytest.mark.parametrize("system", ["moodle", "canvas"])
def test_unknown_names_are_told(feedback, system):
    with pytest.raises(CourseError, match=f"lossgrad collect {system} mse"):
        pack(feedback, system)
