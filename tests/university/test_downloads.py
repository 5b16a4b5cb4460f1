"""Whose a file is, by its name alone, however students called themselves and their files."""

import re
import unicodedata

import pytest

from autograder.university.downloads import (
    CANVAS,
    MOODLE,
    name_in_canvas,
    name_of_notebook,
    numbers,
    path_in_submission,
    place_in_canvas,
    place_in_moodle,
)
from autograder.university.rosters import Person, RosterError, read_roster
from tests.university.archive import gradebook, worksheet
from tests.university.names import NAMES, in_canvas, in_moodle


@pytest.fixture(scope="module")
def fifty(tmp_path_factory):
    path = tmp_path_factory.mktemp("roster") / "gradebook.csv"
    path.write_text(gradebook(), encoding="utf-8")
    return read_roster(path)


class TestMoodle:
    @pytest.mark.parametrize("version", ["folders", "folders before 4.1", "no folders"])
    def test_everybodys_number_and_file_are_found(self, version):
        for number, name in enumerate(NAMES):
            place = place_in_moodle(in_moodle(*name, 9000 + number, version) + "mse.ipynb")
            assert (place.number, place.file) == (str(9000 + number), "mse.ipynb")
            assert place.before == in_moodle(*name, 9000 + number, version)
            plain = re.match(MOODLE, f"/classroom/extracted/a/{place.before}mse.ipynb")
            assert (plain["student_id"], plain["file_id"]) == (place.number, "mse.ipynb")

    def test_folders_of_a_submission_stay(self):
        place = place_in_moodle("mse/Ann Lee_12_assignsubmission_file/data/a.csv")
        assert (place.number, place.file) == ("12", "data/a.csv")

    @pytest.mark.parametrize(
        "path",
        [
            "Eve_66_assignsubmission_file/x_12_assignsubmission_file/mse.ipynb",
            "Eve_66_assignsubmission_file_x_12_assignsubmission_file_mse.ipynb",
            "Eve_66_assignsubmission_file_/_12_assignsubmission_file_mse.ipynb",
        ],
    )
    def test_a_file_cannot_say_that_it_is_somebody_elses(self, path):
        assert place_in_moodle(path).number == "66"
        assert re.match(MOODLE, f"/x/{path}")["student_id"] == "66"

    @pytest.mark.parametrize(
        "path",
        [
            "Ann Lee_12_assignsubmission_onlinetext/onlinetext.html",
            "Ann Lee_12_assignsubmission_onlinetext_onlinetext.html",
            "mse.ipynb",
            "Ann Lee_12_mse.ipynb",
            "Ann Lee_x_assignsubmission_file/mse.ipynb",
            "Ann Lee_12_assignsubmission_file",
        ],
    )
    def test_what_is_no_upload_is_none(self, path):
        assert place_in_moodle(path) is None


class TestCanvas:
    @pytest.mark.parametrize("late", [False, True])
    def test_everybodys_number_and_file_are_found(self, fifty, late):
        for number, name in enumerate(NAMES):
            before = in_canvas(*name, 1000 + number, 50_000 + number, late)
            place = place_in_canvas(before + "mse_2.ipynb", fifty)
            assert (place.number, place.file) == (str(1000 + number), "mse_2.ipynb")
            assert place.late == late
            assert (place.before, place.attachment) == (before, 50_000 + number)

    def test_names_are_written_as_canvas_does(self, fifty):
        for person, (first, last) in zip(fifty.people, NAMES, strict=True):
            before = unicodedata.normalize("NFC", in_canvas(first, last, 7, 8))
            assert f"{name_in_canvas(person)}_7_8_" == before

    def test_a_file_cannot_say_that_it_is_somebody_elses(self, fifty):
        before = in_canvas(*NAMES[0], 1000, 50_000)
        place = place_in_canvas(f"{before}x_1001_50001_mse.ipynb", fifty)
        assert (place.number, place.file) == ("1000", "x_1001_50001_mse.ipynb")

    def test_nor_can_a_name(self, fifty):
        """A student who is called "... 1001" is not student 1001."""
        eve = NAMES.index(("Eve", "x_1001"))
        place = place_in_canvas(in_canvas("1001", "x_", 1000 + eve, 50_001) + "mse.ipynb", fifty)
        assert place is None or place.number == str(1000 + eve)

    def test_what_can_be_read_in_two_ways_is_not_guessed(self, fifty):
        assert place_in_canvas("unknown_1001_1002_1003_mse.ipynb", fifty) is None

    @pytest.mark.parametrize(
        "path",
        [
            "leeann_1000_text.html",
            "leeann_1000_link.html",
            "anon_a1B2c_50000_mse.ipynb",
            "mse.ipynb",
        ],
    )
    def test_what_is_no_upload_is_none(self, fifty, path):
        assert place_in_canvas(path, fifty) is None

    def test_the_plain_setting_finds_number_and_notebook(self):
        for name, file in (
            ("leeann_12_34_mse.ipynb", "mse"),
            ("lee_LATE_12_34_mse-1.ipynb", "mse"),
        ):
            found = re.match(CANVAS, f"/x/extracted/{name}")
            assert (found["student_id"], found["file_id"]) == ("12", file)


@pytest.mark.parametrize(
    ("file", "notebook"),
    [
        ("mse.ipynb", "mse.ipynb"),
        ("mse-1.ipynb", "mse.ipynb"),
        ("mse-12.ipynb", "mse.ipynb"),
        ("mse (1).ipynb", "mse.ipynb"),
        ("mse(2).ipynb", "mse.ipynb"),
        ("MSE.ipynb", "mse.ipynb"),
        ("week-2.ipynb", "week-2.ipynb"),
        ("week-2-1.ipynb", "week-2.ipynb"),
        ("other.ipynb", "other.ipynb"),
        ("mse-1.csv", "mse-1.csv"),
        ("mse-.ipynb", "mse-.ipynb"),
        ("sub/mse.ipynb", "sub/mse.ipynb"),
    ],
)
def test_a_notebook_that_was_renamed_is_known_again(file, notebook):
    assert name_of_notebook(file, ["mse.ipynb", "week-2.ipynb"]) == notebook


@pytest.mark.parametrize(
    "file", ["timestamp.txt", "a/timestamp.txt", "submission_secret.txt", "../x"]
)
def test_what_nbgrader_would_believe_is_left_out(file):
    assert path_in_submission(file) is None


def test_only_the_worksheet_explains_moodles_numbers(tmp_path, fifty):
    with pytest.raises(RosterError, match="grading worksheet"):
        numbers("moodle", fifty)
    path = tmp_path / "worksheet.csv"
    path.write_text(worksheet(), encoding="utf-8")
    with pytest.raises(RosterError, match="Grades > Export"):
        numbers("canvas", read_roster(path))
    people = numbers("moodle", read_roster(path))
    assert isinstance(people["9000"], Person)
    assert len(people) == 50
