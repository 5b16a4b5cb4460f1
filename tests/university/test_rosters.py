"""Who is who: found by what the files of Canvas and Moodle say, never guessed."""

import pytest

from autograder.university.rosters import Kind, Known, RosterError, folder_name, read_roster
from autograder.university.tables import TableError

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,mse (77),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,18.00,(read only)
"Lee, Ann",101,S-1,ann,Mon,,90
"O'Brien, Conor",102,S-2,conor,Tue,12.00,80
"Student, Test",199,,abc123,Mon,,
"""
WORKSHEET = """\
\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (grade)"
"Participant 9001","Ann Lee",ann@uni.example,Submitted,,18.00,-
"Participant 9002","Conor O'Brien",conor@uni.example,,,18.00,-
"""


@pytest.fixture
def roster(tmp_path):
    def roster(text):
        path = tmp_path / "roster.csv"
        path.write_text(text, encoding="utf-8")
        return read_roster(path)

    return roster


def matched(roster, *students):
    known = [Known(each) if isinstance(each, str) else each for each in students]
    return {student: person.name for student, person in roster.match(known).items()}


class TestKinds:
    def test_canvas(self, roster):
        read = roster(CANVAS)
        assert read.kind is Kind.CANVAS
        assert [person.canvas_id for person in read.people] == ["101", "102", "199"]

    def test_canvas_with_names_in_two_columns(self, roster):
        read = roster("LastName,FirstName,ID,SIS Login ID,Section\nLee,Ann,101,ann,Mon\n")
        assert (read.kind, read.people[0].last_name) == (Kind.CANVAS, "Lee")

    def test_moodle(self, roster):
        read = roster(WORKSHEET)
        assert read.kind is Kind.WORKSHEET
        assert [person.participant for person in read.people] == ["9001", "9002"]

    def test_moodles_gradebook(self, roster):
        read = roster("First name,Last name,ID number,Email address,mse\nAnn,Lee,S1,a@b.c,-\n")
        assert (read.kind, read.people[0].id_number) == (Kind.MOODLE, "S1")

    def test_your_own(self, roster):
        read = roster("student,canvas_id,participant\nann,101,9001\n")
        assert (read.kind, read.people[0].canvas_id) == (Kind.OWN, "101")

    def test_another_language_is_told(self, roster):
        with pytest.raises(TableError, match="language set to English"):
            roster("ID,Vollständiger Name,Bewertung\nTeilnehmer/in 1,Ann,\n")


class TestMatching:
    @pytest.mark.parametrize(
        "ids", [("ann", "conor"), ("S-1", "S-2"), ("101", "102"), ("ANN", "Conor")]
    )
    def test_by_any_id_of_canvas(self, roster, ids):
        assert list(matched(roster(CANVAS), *ids).values()) == ["Lee, Ann", "O'Brien, Conor"]

    @pytest.mark.parametrize("ids", [("ann", "conor"), ("ann@uni.example", "conor@uni.example")])
    def test_by_email_or_mailbox_in_moodle(self, roster, ids):
        assert list(matched(roster(WORKSHEET), *ids).values()) == ["Ann Lee", "Conor O'Brien"]

    def test_by_what_nbgrader_was_told(self, roster):
        ann = Known("jupyter-7", email="Ann@uni.example")
        assert matched(roster(WORKSHEET), ann) == {"jupyter-7": "Ann Lee"}
        conor = Known("jupyter-8", lms_user_id="102")
        assert matched(roster(CANVAS), conor) == {"jupyter-8": "O'Brien, Conor"}

    def test_who_is_not_in_it_is_left_out(self, roster):
        assert matched(roster(CANVAS), "ann", "zoe") == {"ann": "Lee, Ann"}

    def test_numbers_of_two_kinds_are_not_confused(self, roster):
        """Ann's number at the university is Conor's in Canvas."""
        text = CANVAS.replace("101,S-1,ann", "101,102,ann").replace("102,S-2", "102,103")
        assert matched(roster(text), "102", "103") == {
            "102": "Lee, Ann", "103": "O'Brien, Conor",
        }  # fmt: skip

    def test_one_email_for_two_people_is_told(self, roster):
        text = WORKSHEET.replace("conor@", "ann@")
        with pytest.raises(RosterError, match=r"ann is in it twice, in lines 2 and 3"):
            matched(roster(text), "ann")

    def test_one_mailbox_at_two_domains_is_told(self, roster):
        text = WORKSHEET.replace("conor@uni", "ann@evil")
        with pytest.raises(RosterError, match="in it twice"):
            matched(roster(text), "ann")

    def test_two_students_who_are_one_person_are_told(self, roster):
        with pytest.raises(RosterError, match="could be ann and S-1"):
            matched(roster(CANVAS), "ann", "S-1")

    @pytest.mark.parametrize(
        "text",
        [
            CANVAS.replace("102,", "101,"),
            WORKSHEET.replace("9002", "9001"),
            "student,email\nann,a@b.c\nAnn,d@e.f\n",
        ],
    )
    def test_the_same_student_in_two_lines_is_told(self, roster, text):
        with pytest.raises(RosterError, match=r"in it twice, in lines \d and \d") as fault:
            roster(text)
        assert len(str(fault.value).splitlines()) == 2


class TestNewIds:
    def test_are_what_others_are_known_by(self, roster):
        assert roster(CANVAS).students([Known("S-1")]) == {2: "S-1", 3: "S-2"}

    def test_are_logins_if_nobody_is_known(self, roster):
        assert list(roster(CANVAS).students([]).values()) == ["ann", "conor"]

    def test_are_addresses_where_mailboxes_are_not_apart(self, roster):
        text = WORKSHEET.replace("conor@uni", "ann@other")
        found = list(roster(text).students([]).values())
        assert found == ["ann@uni.example", "ann@other.example"]

    def test_keep_what_is_known(self, roster):
        known = [Known("annie", email="ann@uni.example"), Known("conor")]
        assert list(roster(WORKSHEET).students(known).values()) == ["annie", "conor"]

    def test_that_are_no_names_of_folders_are_told(self, roster):
        text = CANVAS.replace("ann,Mon", "../../etc,Mon")
        with pytest.raises(RosterError, match=r"line 4: the id '../../etc'"):
            roster(text).students([])

    def test_that_nothing_gives_are_told(self, roster):
        with pytest.raises(RosterError, match="no column has an id"):
            roster(WORKSHEET.replace("conor@uni.example", "")).students([])


@pytest.mark.parametrize(
    "student", ["", ".", "..", ".x", "-x", " x", "a/b", "a\\b", "a*", "a[1]", "a\0", "ä" * 51]
)
def test_names_that_no_folder_can_have(student):
    assert folder_name(student)


@pytest.mark.parametrize(
    "student", ["ann", "ann@uni.example", "王小明", "Jürgen Müller", "O'Brien"]
)
def test_names_that_folders_can_have(student):
    assert folder_name(student) is None
