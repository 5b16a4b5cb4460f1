"""`nbgrader zip_collect` on the archives of Moodle and Canvas."""

import pytest
from nbgrader.apps import NbGrader

from autograder.submitted import submissions
from autograder.university.zip_collect import CanvasCollector, CarefulExtractor, MoodleCollector
from tests.university.archive import answer, canvas, gradebook, make, moodle, student, worksheet
from tests.university.names import NAMES, in_canvas

PLUGINS = "autograder.university.zip_collect"


def test_fifty_difficult_names_from_moodle(university):
    university.write("worksheet.csv", worksheet())
    folder = university.folder / "downloaded" / "mse" / "archive"
    folder.mkdir(parents=True)
    moodle(folder / "a.zip")
    told = university.classroom.run(
        "nbgrader",
        "zip_collect",
        "mse",
        f"--extractor={PLUGINS}.CarefulExtractor",
        f"--collector={PLUGINS}.MoodleCollector",
        "--LmsCollector.roster=worksheet.csv",
    )
    found = submissions(university.course.coursedir, "mse")
    texts = {each.student: each.notebooks["mse"].read_text() for each in found}
    assert texts == {student(number): answer(number) for number in range(len(NAMES))}
    assert "50 files collected" in told


class Command(NbGrader):
    def fail(self, message):
        raise SystemExit(message)


@pytest.fixture
def command(university):
    command = Command(config=university.course.config)
    command.coursedir = university.course.coursedir
    command.coursedir.assignment_id = "mse"
    return command


def test_fifty_difficult_names_from_canvas(university, command, tmp_path):
    university.write("gradebook.csv", gradebook())
    (tmp_path / "archive").mkdir()
    canvas(tmp_path / "archive" / "a.zip")
    CarefulExtractor().extract(str(tmp_path / "archive"), str(tmp_path / "out"))
    collector = CanvasCollector(parent=command, roster="gradebook.csv")
    found = [collector.collect(str(path)) for path in (tmp_path / "out" / "a").iterdir()]
    assert sorted(each["student_id"] for each in found) == sorted(map(student, range(50)))
    assert {each["file_id"] for each in found} == {"mse.ipynb"}


def test_files_of_nobody_and_others_are_left_out(university, command):
    university.write("gradebook.csv", gradebook())
    collector = CanvasCollector(parent=command, roster="gradebook.csv")
    for name in (in_canvas("A", "B", 7, 8) + "mse.ipynb", in_canvas(*NAMES[0], 1000, 8) + "a.csv"):
        assert collector.collect(f"/x/{name}") is None


@pytest.mark.parametrize("roster", ["", "none.csv"])
def test_a_missing_roster_is_told_without_a_traceback(command, roster):
    with pytest.raises(SystemExit, match="Say who is who"):
        MoodleCollector(parent=command, roster=roster)


def test_nothing_is_unpacked_outside_and_no_bomb(tmp_path):
    (tmp_path / "archive").mkdir()
    files = {
        "../../evil.txt": "x",
        "a/../../evil.txt": "x",
        "/abs.txt": "x",
        "bomb": b"\0" * (51 * 2**20),
        "inner.zip": "not unpacked",
        "good/a.ipynb": "{}",
    }
    make(tmp_path / "archive" / "a.zip", files)
    CarefulExtractor().extract(str(tmp_path / "archive"), str(tmp_path / "out"))
    found = {path for path in tmp_path.rglob("*") if path.is_file()}
    out = tmp_path / "out" / "a"
    made = {out / "abs.txt", out / "inner.zip", out / "good" / "a.ipynb"}
    assert found == made | {tmp_path / "archive" / "a.zip"}
