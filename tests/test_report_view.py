"""What a report counts and in which order: which unit is tomorrow's, who may have given up."""

from dataclasses import replace

import pytest
from traitlets.config import Config

from autograder import report_figures
from autograder.course import Course
from autograder.report_class import Answer, Entry, UnitClass
from autograder.report_gradebook import Known
from autograder.report_mistakes import ClassMistake
from autograder.report_view import MAX_STUDENTS, duration, view
from tests.units import ROOT

COURSE = Course(ROOT, Config({"CourseDirectory": {"root": "nowhere"}}))
HINT = "The mean's 1/N is missing."


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch):
    """They have tests of their own, and take time."""
    for picture in ("distribution", "tasks", "progress"):
        monkeypatch.setattr(report_figures, picture, lambda *_: "")


def handed_in(unit, students, score=1.0, **answer):
    found = UnitClass(unit, hints={"mse_sum": ("mse", HINT)})
    for student in students:
        answers = (Answer("mse", score, 2.0, **answer),)
        found.entries.append(Entry(student, "0", f"seed of {student}", score, 2.0, answers))
    return found


def viewed(*classes, known=None, **settings):
    settings = {"whole_course": True, "anonymous": False, **settings}
    return view(COURSE, classes, known or Known(), **settings)


def names(people):
    return {person.name for person in people}


def test_tomorrow_is_about_the_last_unit_that_a_good_part_of_the_class_handed_in():
    everyone = [f"s{number}" for number in range(20)]
    classes = [handed_in("derivatives", everyone), handed_in("mse", everyone[:8])]
    assert viewed(*classes).current.name == "mse"
    assert viewed(*classes, handed_in("hinge", everyone[:2])).current.name == "mse"
    assert viewed(*classes, handed_in("hinge", everyone[:5])).current.name == "hinge"


def test_units_that_nobody_handed_in_are_left_out():
    assert [u.name for u in viewed(handed_in("mse", "ab"), handed_in("hinge", "")).units] == ["mse"]


def test_who_stopped_two_units_ago_may_have_given_up():
    units = [
        handed_in("derivatives", "abc"),
        handed_in("mse", "abz"),
        handed_in("hinge", "a"),
        handed_in("regression", "az"),
    ]
    assert names(viewed(*units).silent) == {"b", "c"}
    assert names(viewed(*units[:2]).silent) == set()
    # Nobody has given up for not being ahead of the class.
    ahead = [handed_in(u, "abcdefghij") for u in ("derivatives", "mse", "hinge")]
    assert viewed(*ahead, handed_in("regression", "a"), handed_in("similarity", "a")).silent == ()


def test_students_who_handed_in_least_go_first_then_those_with_the_lowest_scores():
    best, poor, lazy = handed_in("mse", "b", 2.0), handed_in("mse", "p", 0.5), "l"
    best.entries += poor.entries
    shown = viewed(best, known=Known(names={lazy: "Lazy Lou"})).students
    assert [student.person.name for student in shown] == ["Lazy Lou (l)", "p", "b"]
    assert [student.cells[0].said for student in shown] == ["–", "25", "100"]


def test_of_a_very_large_class_those_in_need_are_listed():
    report = viewed(handed_in("mse", [f"s{n}" for n in range(MAX_STUDENTS + 7)]))
    assert len(report.students) == MAX_STUDENTS
    assert report.left_out == 7


def test_who_handed_in_according_to_the_gradebook_alone_waits_for_a_grading():
    report = viewed(handed_in("mse", "a"), known=Known(submitted={"mse": {"a", "b"}}))
    (unit,) = report.units
    assert names(unit.ungraded) == {"b"}
    assert unit.handed_in == report.size == 2


def test_absent_are_those_of_the_gradebook_and_unknown_without_it():
    known = Known(names={"a": "", "z": ""})
    assert names(viewed(handed_in("mse", "a"), known=known).current.absent) == {"z"}
    assert viewed(handed_in("mse", "a"), known=Known(fault="none")).current.absent is None


def test_what_one_of_many_did_is_nothing_to_talk_about():
    unit = viewed(handed_in("mse", "abcdef", mistakes=("mse_sum",))).current
    right = unit.to_talk_about.right
    assert unit.to_talk_about == ClassMistake("mse_sum", "mse", HINT, 6, 1.0, right, None)
    assert right.startswith("def mse(y, y_hat):\n    return ")
    rare = (replace(unit.to_talk_about, count=1),)
    assert replace(unit, mistakes=rare).to_talk_about is None
    assert replace(unit, mistakes=rare, shares=(0.5,)).to_talk_about == rare[0]


def test_an_easy_task_is_not_gone_over_again():
    assert viewed(handed_in("mse", "abc", 2.0)).current.hardest is None
    assert viewed(handed_in("mse", "abc", 1.0)).current.hardest.name == "mse"


def test_numbers_do_not_depend_on_names_and_stay_for_the_same_records():
    students = [f"s{number:02}" for number in range(30)]

    def numbered():
        people = (s.person for s in viewed(handed_in("mse", students)).students)
        return [p.name for p in sorted(people, key=lambda person: person.number)]

    assert numbered() == numbered()
    assert sorted(numbered()) == students
    assert numbered() != students


def test_without_names_there_are_none():
    report = viewed(handed_in("mse", "ab"), known=Known(names={"a": "Ann"}), anonymous=True)
    assert names(student.person for student in report.students) == {""}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 minute"),
        (90 * 60, "2 hours"),
        (3600, "1 hour"),
        (59 * 60, "59 minutes"),
        (86_400, "1 day"),
        (10 * 86_400, "10 days"),
    ],
)
def test_times_are_said_as_people_say_them(seconds, said):
    assert duration(seconds) == said
