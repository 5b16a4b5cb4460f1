"""Grades for Canvas, read again by a reader that knows only what Canvas documents."""

import csv

import pytest

from autograder.course import CourseError
from autograder.university.canvas import CanvasExport
from autograder.university.rosters import RosterError

GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,MSE (77),Cross Entropy (78),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,18.00,23.00,(read only)
"Lee, Ann",101,S-1,ann,"Mon, Tue",,,90
"O'Brien, Conor",102,S-2,conor,Mon,4.50,,80
"=HYPERLINK(""x"")",103,S-3,zoe,Mon,EX,,
"Müller, Jürgen",104,S-4,juergen,Mon,N/A,,
"Student, Test",199,,abc,Mon,,,
"""


def read(path):
    """Return Canvas's view of a file: points by column, and cells by student's ID and column.

    `GradebookImporter`: the header begins with Student and ID, Section comes last of what
    identifies; then assignments; the line with "Points Possible" is about those.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, strict=True))
    header = lines[0]
    assert header[:2] == ["Student", "ID"]
    assert len({len(line) for line in lines}) == 1
    titles = header[header.index("Section") + 1 :]
    (points,) = [line for line in lines if "Points Possible" in line[0]]
    students = [line for line in lines[1:] if line is not points]
    cells = {line[1] or line[3]: dict(zip(titles, line[-len(titles) :], strict=True))
             for line in students}  # fmt: skip
    assert len(cells) == len(students)
    return dict(zip(titles, points[-len(titles) :], strict=True)), cells


@pytest.fixture
def export(university):
    def export(roster=GRADEBOOK, units=("mse",), **settings):
        report = university.export(CanvasExport, *units, roster=roster, **settings)
        return report, *read(report.path)

    return export


def test_grades_are_where_canvas_looks_for_them(university, export):
    university.graded("ann", auto=12.5, hand=2)
    university.graded("conor", auto=15, hand=3, late=60, penalty=1.25)
    university.graded("ann", "cross_entropy", auto=20, hand=1.5)
    report, points, cells = export(units=("mse", "cross_entropy"))
    assert points == {"MSE (77)": "18.00", "Cross Entropy (78)": "23.00"}
    assert cells["101"] == {"MSE (77)": "14.50", "Cross Entropy (78)": "21.50"}
    assert cells["102"] == {"MSE (77)": "16.75", "Cross Entropy (78)": ""}
    assert report.written == 3
    assert report.left_out == []


def test_the_manual_score_counts(university, export):
    university.graded("ann", auto=12.5, hand=2)
    with university.book() as book:
        book.find_grade("checks", "mse", "mse", "ann").manual_score = 7
        book.db.commit()
    assert export()[2]["101"] == {"MSE (77)": "9.00"}


def test_a_penalty_takes_no_more_than_there_is(university, export):
    university.graded("ann", auto=5, hand=0, late=60, penalty=50)
    assert export()[2]["101"] == {"MSE (77)": "0.00"}


def test_no_grade_removes_none_that_canvas_has(university, export):
    university.student("conor")
    report, _, cells = export(missing_as_zero=True)
    assert cells["102"] == {"MSE (77)": "4.50"}
    assert cells["104"] == {"MSE (77)": "N/A"}
    assert report.written == 0


def test_no_grade_is_no_zero_unless_that_is_wanted(university, export):
    university.student("ann")
    assert export()[2]["101"] == {"MSE (77)": ""}
    report, _, cells = export(missing_as_zero=True)
    assert cells["101"] == {"MSE (77)": "0.00"}
    assert report.written == 1
    assert cells["199"] == {"MSE (77)": ""}  # nbgrader knows nobody of that name


def test_an_excused_student_stays_excused(university, export):
    university.graded("zoe")
    report, _, cells = export()
    assert cells["103"] == {"MSE (77)": "EX"}
    assert report.left_out == ["mse, zoe: is excused in Canvas, and stays so"]


def test_what_is_not_finished_is_told(university, export):
    university.graded("ann", auto=9, hand=None)
    university.graded("conor", auto=None, hand=None)
    report, _, cells = export()
    assert cells["101"] == {"MSE (77)": "9.00"}
    assert cells["102"] == {"MSE (77)": "4.50"}
    assert "mse, ann: its hand-graded part is still open" in report.notes
    assert report.left_out == ["mse, conor: not graded yet"]
    assert any("posts its grades by hand" in note for note in report.notes)


def test_who_is_not_in_canvas_is_told(university, export):
    university.graded("nobody")
    report, _, _ = export()
    (line,) = report.left_out
    assert line.startswith("mse, nobody: nobody of that id is in ")


def test_no_name_is_a_formula(export):
    lines = csv.reader(export()[0].path.read_text(encoding="utf-8").splitlines())
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)


def test_names_and_sections_survive_quoting(export):
    lines = list(csv.reader(export()[0].path.read_text(encoding="utf-8").splitlines()))
    assert ["Lee, Ann", "101", "S-1", "ann", "Mon, Tue", ""] in lines
    assert any(line[0] == "Müller, Jürgen" for line in lines)


def test_a_semicolon_file_stays_one(university, export):
    university.graded("ann", auto=12.5, hand=2)
    with pytest.raises(AssertionError):  # the reader knows commas only
        export("Student;ID;SIS Login ID;Section;mse (77)\nLee;101;ann;Mon;4,5\n")
    assert "Lee;101;ann;Mon;14.50" in (university.root / "out.csv").read_text()


class TestColumns:
    def test_an_unknown_one_is_new_and_told(self, university, export):
        university.graded("ann")
        report, points, cells = export(GRADEBOOK.replace("MSE (77)", "Homework 2 (77)"))
        assert points == {"mse": "18.00"}
        assert cells["101"] == {"mse": "13.00"}
        assert any("has no such assignment" in note for note in report.notes)

    def test_another_name_can_be_said(self, university, export):
        university.graded("ann")
        text = GRADEBOOK.replace("MSE (77)", "Homework 2 (77)")
        _, points, cells = export(text, columns={"mse": "Homework 2 (77)"})
        assert points == {"Homework 2 (77)": "18.00"}
        assert cells["101"] == {"Homework 2 (77)": "13.00"}

    def test_one_that_is_not_there_is_told(self, export):
        with pytest.raises(CourseError, match="has no column 'Homework 3'"):
            export(columns={"mse": "Homework 3"})

    def test_two_that_fit_are_told(self, export):
        with pytest.raises(
            CourseError, match=r"two columns for mse: 'MSE \(77\)' and 'mse \(78\)'"
        ):
            export(GRADEBOOK.replace("Cross Entropy (78)", "mse (78)"))

    def test_another_maximum_is_told(self, university, export):
        university.graded("ann")
        text = GRADEBOOK.replace("18.00", "100")
        with pytest.raises(CourseError, match="mse has 18 points here and 100 in"):
            export(text)
        _, points, cells = export(text, rescale=True)
        assert points == {"MSE (77)": "100"}
        assert cells["101"] == {"MSE (77)": "72.22"}


class TestYourOwnFile:
    OWN = 'student,name,canvas_id,sis_login_id,section\nann,"Lee, Ann",101,,Mon\nconor,=x(),,c1,\n'

    def test_has_what_canvas_needs(self, university, export):
        university.graded("ann")
        university.graded("conor", auto=1, hand=1)
        report, points, cells = export(self.OWN)
        assert points == {"mse": "18.00"}
        assert cells == {"101": {"mse": "13.00"}, "c1": {"mse": "2.00"}}
        assert any("Canvas will ask" in note for note in report.notes)

    def test_without_an_id_of_canvas_is_told(self, university, export):
        university.graded("conor")
        report, _, cells = export("student,name,canvas_id\nconor,Conor,\n")
        assert cells == {}
        assert "conor" in report.left_out[0]
        assert "has no canvas_id" in report.left_out[0]


class TestMistakes:
    def test_no_roster(self, export):
        with pytest.raises(CourseError, match=r"Grades > Export.*\n.*--roster") as fault:
            export(None)
        assert len(str(fault.value).splitlines()) == 2

    def test_moodles_file(self, export):
        text = "Identifier,Full name,Grade,Last modified (grade)\nParticipant 1,Ann,,-\n"
        with pytest.raises(RosterError, match="needs Canvas's"):
            export(text)

    def test_an_unknown_unit(self, export):
        with pytest.raises(
            CourseError, match="No assignment msee is in the gradebook; there is: c"
        ):
            export(units=("msee",))

    def test_an_unknown_student(self, export):
        with pytest.raises(CourseError, match="No student zoe"):
            export(student=["zoe"])

    def test_a_place_that_cannot_be_written(self, university, export):
        (university.root / "out.csv").mkdir()
        with pytest.raises(CourseError, match=r"out.csv cannot be written"):
            export()


def test_through_nbgraders_own_command(university):
    university.graded("ann", auto=12.5, hand=2)
    university.graded("nobody")
    university.write("gradebook.csv", GRADEBOOK)
    told = university.classroom.run(
        "nbgrader", "export", "--exporter=autograder.university.canvas.CanvasExport",
        "--CanvasExport.roster=gradebook.csv", "--assignment=['mse']", "--to=out.csv",
    )  # fmt: skip
    _, cells = read(university.root / "out.csv")
    assert cells["101"] == {"MSE (77)": "14.50"}
    assert "mse, nobody: nobody of that id is in gradebook.csv" in told
