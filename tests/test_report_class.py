"""What a report keeps of the records: accidents are known by their reasons, mistakes count once."""

import inspect

import pytest
from traitlets.config import Config

from autograder import execution, report_class, submission, tasks
from autograder.course import Course
from autograder.records import Record
from autograder.report_class import INCIDENTS, UnitClass
from autograder.results import CheckResult, TaskResult, Verdict
from autograder.submission import LocalTransport, Submission
from tests.units import reference_functions


def endless(*arguments):
    while True:
        pass


def hungry(*arguments):
    raise MemoryError


def large(*arguments):
    return "x" * 100_000_000


def unwritten(*arguments):
    raise NotImplementedError


def failing(*arguments):
    raise ValueError("It did not finish in time.")


def entry_of(*results, **changes):
    about = {"unit": "mse", "student": "ann", "submission": "0", "seed": "1", "graded": ""}
    settings = {"seconds": 1.0, "restarts": 0, "problems": (), **changes}
    found = UnitClass("mse")
    found.add("ann", Record(**about, **settings, tasks=results))
    return found.entries[0], found


@pytest.mark.parametrize(
    ("answer", "incidents", "written"),
    [
        (endless, ["ran out of time"], True),
        (hungry, ["ran out of memory"], True),
        (large, ["returned far too much"], True),
        (None, ["has a cell that is gone or does not run"], True),
        (unwritten, [], False),
        (failing, [], True),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_accidents_are_known_by_what_the_student_was_told(answer, incidents, written):
    functions = {**reference_functions("mse"), "mse": answer}
    submitted = Submission(LocalTransport(functions, seconds=0.01 if answer is endless else 5))
    if answer is None:
        del functions["mse"]
        submitted = Submission(LocalTransport(functions))
    entry, _ = entry_of(tasks.run_task("mse", "mse", 3, submitted, "a seed"))
    assert entry.incidents == [("mse", each) for each in incidents]
    assert entry.answers[0].written is written
    assert entry.answers[0].score == 0


def test_every_beginning_of_a_reason_is_still_told_somewhere():
    told = "".join(map(inspect.getsource, (submission, execution, tasks)))
    for start in INCIDENTS:
        assert start in told


def check(name, verdict, **details):
    return CheckResult(name, f"The {name} is right.", 1.0, verdict, **details)


def test_a_mistake_that_shows_in_two_checks_counts_once():
    shown = {"misconception": "mse_sum", "reason": "No."}
    first = check("value", Verdict.FAILED, hint="It is a sum.", **shown)
    again = check("scale", Verdict.FAILED, **shown)
    entry, found = entry_of(TaskResult("mse", 3, (first, again)))
    assert entry.answers[0].mistakes == ("mse_sum",)
    assert entry.answers[0].failed == ("value", "scale")
    assert found.hints == {"mse_sum": ("mse", "It is a sum.")}


def test_what_was_not_checked_has_not_failed():
    entry, found = entry_of(
        TaskResult("mse", 3, (check("shape", Verdict.PASSED), check("value", Verdict.NOT_CHECKED)))
    )
    assert entry.answers[0].failed == ()
    assert found.sentences == {}


def test_a_share_of_no_points_is_nothing():
    assert entry_of()[0].share == 0


def test_a_course_without_folders_has_no_entries(tmp_path):
    course = Course(tmp_path, Config({"CourseDirectory": {"root": str(tmp_path / "classroom")}}))
    (found,) = report_class.read_class(course, ["mse"])
    assert found.entries == []
    assert found.handed_in == set()
