"""Grades for Moodle, read again by a reader that knows only what Moodle documents."""

import csv

import pytest
from nbgrader.apps import NbGrader

from autograder.course import CourseError
from autograder.university.moodle import MoodleExport
from autograder.university.rosters import RosterError

WORKSHEET = (
    "\ufeffIdentifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum Grade\","
    "\"Grade can be changed\",\"Last modified (submission)\",\"Online text\","
    "\"Last modified (grade)\",\"Feedback comments\"\r\n"
    "\"Participant 9001\",\"Ann Lee\",ann@uni.example,Submitted,,18.00,Yes,"
    "\"Sunday, 1 March 2026, 11:58 AM\",=1+1,-,\"<p>See, me</p>\"\r\n"
    "\"Participant 9002\",\"@Conor\",conor@uni.example,,7.00,18.00,Yes,-,,"
    "\"Monday, 2 March 2026, 9:00 AM\",-1\r\n"
    "\"Participant 9003\",Zoë,zoe@uni.example,,,18.00,No,-,,-,\r\n"
)  # fmt: skip


def read_worksheet(path):
    """Return lines by participant's number as Moodle's importer takes them.

    `assignfeedback_offline_grade_importer`: UTF-8 without its mark, columns by their exact titles,
    the number at the end of the Identifier.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, strict=True))
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(lines[0])
    return {int(line["Identifier"].removeprefix("Participant ")): line for line in lines}


def read_gradebook(path, key="Email address"):
    with path.open(encoding="utf-8", newline="") as file:
        return {line[key]: line for line in csv.DictReader(file, strict=True)}


@pytest.fixture
def export(university):
    def export(roster=WORKSHEET, units=("mse",), **settings):
        return university.export(MoodleExport, *units, roster=roster, **settings)

    return export


class TestWorksheet:
    def test_grades_are_filled_in_and_the_rest_stays(self, university, export):
        university.graded("ann", auto=12.5, hand=2)
        report = export()
        before = read_worksheet(university.root / "roster.csv")
        after = read_worksheet(report.path)
        assert after[9001]["Grade"] == "14.50"
        assert after[9002]["Grade"] == "7.00"
        assert after[9003]["Grade"] == ""
        for number, line in after.items():
            for title in ("Identifier", "Last modified (grade)", "Feedback comments", "Status"):
                assert line[title] == before[number][title]
        assert report.written == 1

    def test_it_is_written_as_moodle_wrote_it(self, export):
        content = export().path.read_bytes()
        assert content.startswith("\ufeffIdentifier,".encode())
        assert content.count(b"\r\n") == content.count(b"\n") == 4

    def test_what_students_wrote_is_no_formula(self, export):
        after = read_worksheet(export().path)
        assert after[9001]["Online text"] == "'=1+1"
        assert after[9002]["Full name"] == "'@Conor"

    def test_no_grade_is_no_zero_unless_that_is_wanted(self, university, export):
        for student in ("ann", "conor", "zoe"):
            university.student(student)
        assert read_worksheet(export().path)[9001]["Grade"] == ""
        after = read_worksheet(export(missing_as_zero=True).path)
        assert [line["Grade"] for line in after.values()] == ["0.00", "7.00", "0.00"]

    def test_a_locked_grade_is_told(self, university, export):
        university.graded("zoe")
        assert "mse, zoe: Moodle says this grade is locked" in export().notes

    @pytest.mark.parametrize("maximum", ["100.00", "100,00"])
    def test_another_maximum_is_told(self, university, export, maximum):
        university.graded("ann", auto=6, hand=3)
        text = WORKSHEET.replace(",18.00,", f',"{maximum}",')
        with pytest.raises(CourseError, match="mse has 18 points here and 100 in") as fault:
            export(text)
        assert len(str(fault.value).splitlines()) == 2
        assert read_worksheet(export(text, rescale=True).path)[9001]["Grade"] == "50.00"

    def test_it_is_of_one_unit(self, export):
        with pytest.raises(CourseError, match="worksheet of one assignment"):
            export(units=("mse", "cross_entropy"))

    def test_who_is_not_in_it_is_told(self, university, export):
        university.graded("nobody")
        assert "nobody of that id" in export().left_out[0]


class TestGradebook:
    def test_names_and_addresses_are_those_of_moodle(self, university, export):
        university.graded("ann", auto=12.5, hand=2)
        university.graded("ann", "cross_entropy", auto=20, hand=0)
        university.student("conor")
        roster = (
            "First name,Last name,ID number,Email address,Assignment: mse (Real)\n"
            "Ann,=Lee,S1,ann@uni.example,-\nConor,O'Brien,S2,conor@uni.example,-\n"
        )
        report = export(roster, units=("mse", "cross_entropy"))
        lines = read_gradebook(report.path)
        assert lines == {
            "ann@uni.example": {
                "First name": "Ann",
                "Last name": "'=Lee",
                "ID number": "S1",
                "Username": "ann",
                "Email address": "ann@uni.example",
                "mse": "14.50",
                "cross_entropy": "20.00",
            }
        }
        assert report.notes == []

    def test_without_a_roster_it_has_what_nbgrader_knows(self, university, export):
        university.student("ann", first_name="Ann", last_name="Lee", email="ann@uni.example")
        university.graded("ann", auto=1, hand=1)
        lines = read_gradebook(export(None).path)
        assert lines["ann@uni.example"]["mse"] == "2.00"

    def test_an_empty_cell_would_remove_a_grade_which_is_told(self, university, export):
        university.graded("ann")
        report = export(None, units=("mse", "cross_entropy"))
        assert any("export them one by one" in note for note in report.notes)

    def test_an_address_that_is_a_formula_is_told(self, university, export):
        university.student("eve", email="=cmd|'/c'!A0@evil.example")
        university.graded("eve")
        report = export(None)
        assert any("begins like a formula" in note for note in report.notes)

    def test_canvas_is_no_moodle(self, export):
        with pytest.raises(RosterError, match="needs Moodle's"):
            export("Student,ID,Section\nAnn,1,Mon\n")


def test_nbgraders_own_command_tells_a_mistake_without_a_traceback(university):
    class Command(NbGrader):
        def fail(self, message):
            raise SystemExit(message)

    with university.book() as book, pytest.raises(SystemExit, match="cannot be read"):
        MoodleExport(parent=Command(), roster="none.csv").export(book)
