"""Archives of fifty students with difficult names: collected completely, and nothing is lost."""

from datetime import datetime, timedelta

import pytest

from autograder import attempts
from autograder.course import CourseError
from autograder.mistakes import Mistake
from autograder.submitted import submissions
from autograder.university import collecting
from tests.university.archive import (
    LATE,
    answer,
    canvas,
    gradebook,
    make,
    moodle,
    student,
    worksheet,
)
from tests.university.conftest import DUE, notebook
from tests.university.names import NAMES, in_canvas, in_moodle

EVERYBODY = {student(number): answer(number) for number in range(len(NAMES))}


def handed_in(university, unit="mse"):
    """Return what nbgrader would grade, by student."""
    found = submissions(university.course.coursedir, unit)
    return {each.student: each.notebooks[unit].read_text() for each in found}


@pytest.fixture
def collect(university):
    def collect(system, archive, roster):
        path = university.write("roster.csv", roster)
        return collecting.collect(university.course, system, "mse", archive, path)

    return collect


@pytest.fixture(autouse=True)
def berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    import time

    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("version", ["folders", "folders before 4.1", "no folders"])
def test_all_of_moodle(university, collect, version):
    result = collect("moodle", moodle(university.root / "a.zip", version), worksheet())
    assert handed_in(university) == EVERYBODY
    assert result.new == 50
    assert result.notes == []
    (line,) = result.left_out
    assert "onlinetext" in line


def test_all_of_canvas(university, collect):
    result = collect("canvas", canvas(university.root / "a.zip"), gradebook())
    assert handed_in(university) == EVERYBODY
    assert (result.new, result.left_out) == (50, [])
    (note,) = result.notes
    assert note.startswith(f"Canvas marks as late: {', '.join(map(student, LATE))}.")


def test_the_time_of_hand_in_is_the_worksheets(university, collect):
    times = {
        0: "Sunday, 1 March 2026, 11:58 AM",
        1: "Sunday, 1 March 2026, 11:58\u202fPM",
        2: "Sunday, 1 March 2026, 23:58",
    }
    collect("moodle", moodle(university.root / "a.zip"), worksheet(times))
    found = {
        each.student: each.timestamp for each in submissions(university.course.coursedir, "mse")
    }
    assert found[student(0)] == datetime(2026, 3, 1, 10, 58)
    assert found[student(1)] == found[student(2)] == datetime(2026, 3, 1, 22, 58)
    assert found[student(3)] is None


def test_the_same_archive_again_changes_nothing(university, collect):
    archive = moodle(university.root / "a.zip")
    collect("moodle", archive, worksheet())
    before = sorted((university.folder / "attempts").rglob("*"))
    result = collect("moodle", archive, worksheet())
    assert (result.new, result.again) == (0, 50)
    assert sorted((university.folder / "attempts").rglob("*")) == before


def one(university, text, **others):
    files = {in_moodle("Ann", "Lee", 9000) + "mse.ipynb": notebook(text)}
    return make(university.root / "a.zip", files | others)


class TestAttempts:
    def test_the_last_on_time_counts_and_all_are_kept(self, university, collect):
        for hour, text in ((9, "first"), (11, "second"), (23, "too late")):
            time = f"Sunday, 1 March 2026, {hour}:00"
            collect("moodle", one(university, text), worksheet({0: time}))
        assert handed_in(university) == {"s000": notebook("second")}
        (those,) = attempts.attempts(university.course, "mse").values()
        texts = [(each.folder / "mse.ipynb").read_text() for each in those]
        assert texts == [notebook("first"), notebook("second"), notebook("too late")]

    def test_if_all_are_late_the_last_counts(self, university, collect):
        for day in (2, 3):
            time = f"Sunday, {day} March 2026, 9:00"
            collect("moodle", one(university, f"day {day}"), worksheet({0: time}))
        assert handed_in(university) == {"s000": notebook("day 3")}

    def test_an_extension_is_time(self, university, collect):
        university.student("s000")
        with university.book() as book:
            book.add_submission("mse", "s000")
            book.grant_extension("mse", "s000", days=1)
        for hour in (9, 23):
            time = f"Sunday, 1 March 2026, {hour}:00"
            collect("moodle", one(university, f"at {hour}"), worksheet({0: time}))
        assert handed_in(university) == {"s000": notebook("at 23")}

    def test_what_was_there_by_hand_is_kept(self, university, collect):
        folder = university.submitted("s000")
        folder.mkdir(parents=True)
        (folder / "mse.ipynb").write_text(notebook("by mail"))
        (folder / "timestamp.txt").write_text(f"{DUE - timedelta(hours=3)} UTC")
        collect("moodle", one(university, "new"), worksheet({0: "Sunday, 1 March 2026, 12:00"}))
        assert handed_in(university) == {"s000": notebook("new")}
        (those,) = attempts.attempts(university.course, "mse").values()
        assert (those[0].folder / "mse.ipynb").read_text() == notebook("by mail")


class TestFiles:
    def test_beside_the_notebook_are_kept_but_for_what_nbgrader_believes(self, university, collect):
        before = in_moodle("Ann", "Lee", 9000)
        files = {
            f"{before}data/a.csv": "1,2",
            f"{before}timestamp.txt": "2000-01-01 00:00:00 UTC",
            f"{before}../../../evil.txt": "x",
            f"{before}.ipynb_checkpoints/mse.ipynb": "x",
        }
        result = collect("moodle", one(university, "a", **files), worksheet())
        folder = university.submitted("s000")
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
        assert names == {"mse.ipynb", "data", "data/a.csv"}
        assert not list(university.root.rglob("evil.txt"))
        assert len(result.notes) == 3

    def test_a_bomb_is_left_out_and_told(self, university, collect):
        bomb = {in_moodle("Ann", "Lee", 9000) + "bomb.csv": b"\0" * (51 * 2**20)}
        result = collect("moodle", one(university, "a", **bomb), worksheet())
        assert handed_in(university) == {"s000": notebook("a")}
        assert result.notes == ["s000: bomb.csv is left out; it is too large"]

    def test_a_missing_notebook_is_told(self, university, collect):
        archive = make(university.root / "a.zip", {in_moodle("A", "L", 9000) + "mse.zip": "PK"})
        result = collect("moodle", archive, worksheet())
        assert result.notes == ["s000: mse.ipynb was not handed in; there is: mse.zip"]

    def test_of_several_that_are_the_notebook_canvas_last_counts(self, university, collect):
        files = {
            in_canvas(*NAMES[0], 1000, 50_002) + "mse-1.ipynb": notebook("second"),
            in_canvas(*NAMES[0], 1000, 50_001) + "mse.ipynb": notebook("first"),
        }
        result = collect("canvas", make(university.root / "a.zip", files), gradebook())
        assert handed_in(university) == {"s000": notebook("second")}
        assert "several files are mse.ipynb" in result.notes[0]

    def test_a_file_and_a_folder_of_one_name_are_told(self, university, collect):
        before = in_moodle("Ann", "Lee", 9000)
        files = {f"{before}data": "x", f"{before}data/a.csv": "1"}
        result = collect("moodle", one(university, "a", **files), worksheet())
        assert "share a name" in result.notes[0]

    def test_of_nobody_are_told(self, university, collect):
        stranger = {in_moodle("A", "L", 7) + "mse.ipynb": "{}"}
        result = collect("moodle", one(university, "a", **stranger), worksheet())
        (line,) = result.left_out
        assert line.startswith(f"{next(iter(stranger))}: nobody in ")


class TestMistakes:
    def test_the_worksheet_of_another_assignment(self, university, collect):
        archive = one(university, "a")
        with pytest.raises(CourseError, match="nothing of anybody in") as fault:
            collect("moodle", archive, worksheet().replace("Participant 90", "Participant 80"))
        assert len(str(fault.value).splitlines()) == 2

    def test_a_damaged_archive(self, university, collect):
        path = university.write("a.zip", "no archive")
        with pytest.raises(Mistake, match="not a readable zip"):
            collect("moodle", path, worksheet())
        assert handed_in(university) == {}

    def test_a_unit_that_was_not_released(self, university):
        path = university.write("roster.csv", worksheet())
        archive = one(university, "a")
        with pytest.raises(CourseError, match="hinge has not been released"):
            collecting.collect(university.course, "moodle", "hinge", archive, path)

    def test_a_classroom_that_cannot_be_written(self, university, collect):
        (university.folder / "attempts").write_text("in the way")
        with pytest.raises(CourseError, match="cannot be written"):
            collect("moodle", one(university, "a"), worksheet())
        assert not list(university.folder.glob(".collecting-*"))
