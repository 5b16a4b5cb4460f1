"""A class is graded in any order, by any workers, stopped or not, with the same result."""

import errno
import json
import os
import shutil
import signal
import sqlite3
import threading
import weakref
from collections import Counter
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from autograder import class_grading, executors, grading, seeds, walls
from autograder.class_grading import IN_FLIGHT, find_work, grade_class, left_to_nbgrader
from autograder.course import CourseError
from autograder.kernels import landlock
from autograder.records import Record
from autograder.restoring import restore_file
from autograder.sources import read_solutions
from tests import classroom
from tests.classroom import SAMPLES, SECONDS_A_CELL, sample_named, samples_of
from tests.kernels.kernels import open_python
from tests.units import ROOT

# A test run has threads of its own; the command has none when its workers begin.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

HANDFUL = (
    "all-right",
    "deleted-cells",
    "missing-mean",
    "syntax-error",
    "truncated-file",
    "works-in-place",
)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, released):
    """A course in which a handful has handed in `mse`; no test may change it."""

    def make(folder):
        course = released.copy_to(folder)
        for name in HANDFUL:
            course.submit(sample_named("mse", name))

    return classroom.once(tmp_path_factory, "handed-in", make)


@pytest.fixture
def course(handed_in, tmp_path):
    return handed_in.copy_to(tmp_path / "course")


@pytest.fixture
def without_kernels(monkeypatch):
    """Nothing is run: a notebook is restored and every task gets full marks."""

    def grade_submitted(submitted):
        notebook, problem = restore_file(submitted.content, submitted.released)
        return grading.Graded(
            notebook,
            Record(
                unit=submitted.unit,
                student=submitted.student,
                submission=grading.digest(submitted.content),
                seed=submitted.seed,
                graded="",
                seconds=0,
                restarts=0,
                problems=(problem,) if problem else (),
                tasks=(),
            ),
        )

    monkeypatch.setattr(class_grading, "grade_submitted", grade_submitted)


class Here:
    """Workers that make every call at once, in this process."""

    count = 1

    def __init__(self, fail=lambda submitted: None):
        self.fail = fail

    def submit(self, function, submitted):
        future = Future()
        if (error := self.fail(submitted)) is not None:
            future.set_exception(error)
        else:
            future.set_result(function(submitted))
        return future

    def check(self):
        """Nobody can be gone."""


class Backwards(Here):
    """Workers whose results come last first, as soon as a window is full."""

    def __init__(self, size):
        super().__init__()
        self.count = self.size = size
        self.calls = []

    def submit(self, function, submitted):
        future = Future()
        self.calls.append((future, function, submitted))
        if len(self.calls) == self.size:
            threading.Thread(target=self._finish).start()
        return future

    def _finish(self):
        for future, function, submitted in reversed(self.calls):
            future.set_result(function(submitted))


def grade_all(course, work=None, workers=None, **options):
    work = find_work(course.course, "mse") if work is None else work
    return list(grade_class(course.course, work, workers or Here(), **options))


def who(items):
    return sorted(item.submission.student for item in items)


def scores(course, names=HANDFUL, unit="mse"):
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "lossgrad") as book:
        found = {}
        for name in names:
            notebook = book.find_submission_notebook(unit, unit, name)
            found[name] = round(sum(grade.auto_score or 0.0 for grade in notebook.grades), 2)
    return found


def expected(names=HANDFUL, unit="mse"):
    return {name: sample_named(unit, name).score for name in names}


@pytest.fixture
def sent(monkeypatch, without_kernels):
    """What is sent to the workers."""
    sent = []
    grade = class_grading.grade_submitted
    monkeypatch.setattr(
        class_grading, "grade_submitted", lambda given: sent.append(given) or grade(given)
    )
    return sent


class TestWhatWorkersGet:
    def test_the_cells_that_students_were_given_and_no_answer(self, course, sent):
        grade_all(course)
        (authored,) = {submitted.authored for submitted in sent}
        text = "\n".join(authored)
        assert "def mse_grad(y, y_hat):" in text
        assert "raise NotImplementedError" in text
        assert "BEGIN SOLUTION" not in text
        for function in read_solutions("mse", (ROOT / "solutions/mse.py").read_text()).functions:
            assert f"def {function}(" in text

    def test_no_cells_if_the_release_is_gone(self, course, sent):
        shutil.rmtree(course.folder / "release")
        grade_all(course)
        assert {submitted.authored for submitted in sent} == {()}

    def test_which_files_are_the_students(self, course, sent):
        (course.folder / "submitted/all-right/mse/mine.py").write_text("")
        grade_all(course)
        own = {submitted.student: submitted.handed_in for submitted in sent}
        assert own.pop("all-right") - {"timestamp.txt"} == {"mine.py"}
        assert set().union(*own.values()) <= {"timestamp.txt"}

    def test_the_time_that_code_may_take(self, course, sent):
        grade_all(course)
        assert {submitted.limits.cell_seconds for submitted in sent} == {SECONDS_A_CELL}

    def test_bytecode_of_the_author_s_modules_which_is_not_kept(self, course, sent):
        grade_all(course)
        for submitted in sent:
            assert any(name.startswith("__pycache__/selfcheck.") for name in submitted.files)
        assert (course.autograded("all-right", "mse").parent / "selfcheck.py").is_file()
        assert not list((course.folder / "autograded").rglob("__pycache__"))


class TestFindingWork:
    def test_all_that_was_handed_in_waits(self, course):
        assert who(find_work(course.course, "mse")) == sorted(HANDFUL)
        assert who(find_work(course.course, "mse", ("all-right",))) == ["all-right"]

    @pytest.mark.parametrize("students", [("nobody",), ("all-right", "nobody")])
    def test_an_unknown_student_is_told(self, course, students):
        with pytest.raises(CourseError, match="Nothing was handed in for mse by nobody"):
            find_work(course.course, "mse", students)

    def test_nothing_handed_in_is_told_with_the_next_command(self, course):
        with pytest.raises(CourseError, match="nbgrader collect hinge"):
            find_work(course.course, "hinge")

    def test_an_unknown_unit_is_told(self, course):
        with pytest.raises(CourseError, match="No assignment 'msee' is in the gradebook"):
            find_work(course.course, "msee")

    def test_a_notebook_of_no_unit_is_left_to_nbgrader(self, course):
        with closing_book(course) as book:
            book.add_notebook("essay", "mse")
            book.add_assignment("week-9")
            book.add_notebook("essay", "week-9")
        assert left_to_nbgrader(course.course, "mse") == ["essay"]
        with pytest.raises(CourseError, match="nbgrader autograde week-9"):
            find_work(course.course, "week-9")

    def test_a_notebook_with_another_name_is_not_graded_and_told(self, course, without_kernels):
        path = course.submitted("missing-mean", "mse")
        path.rename(path.with_name("mse (1).ipynb"))
        (fault,) = [done.fault for done in grade_all(course) if done.record is None]
        assert fault == "no notebook mse.ipynb was handed in; there is: mse (1).ipynb"
        assert who(find_work(course.course, "mse")) == ["missing-mean"]

    def test_a_notebook_that_is_not_in_the_assignment_is_passed_over(self, course):
        path = course.submitted("all-right", "mse")
        shutil.copy(path, path.with_name("hinge.ipynb"))
        units = {item.unit for item in find_work(course.course, "mse")}
        assert units == {"mse"}


def closing_book(course):
    return Gradebook(f"sqlite:///{course.folder}/gradebook.db", "lossgrad")


@pytest.mark.usefixtures("without_kernels")
class TestRuns:
    def test_results_may_come_in_any_order(self, course):
        done = grade_all(course, workers=Backwards(len(HANDFUL)))
        assert len(done) == len(HANDFUL)
        for item in done:
            path = course.autograded(item.work.submission.student, "mse")
            assert item.record.student == item.work.submission.student
            assert course.record(item.record.student, "mse") == item.record
            assert json.loads(path.read_text())["cells"]

    def test_what_is_graded_is_done(self, course):
        assert len(grade_all(course)) == len(HANDFUL)
        assert find_work(course.course, "mse") == []
        assert who(find_work(course.course, "mse", force=True)) == sorted(HANDFUL)

    def test_a_stopped_run_goes_on_where_it_was(self, course):
        work = find_work(course.course, "mse")
        with closing(grade_class(course.course, work, Here())) as run:
            first = [next(run), next(run)]
        left = find_work(course.course, "mse")
        assert len(left) == len(HANDFUL) - 2
        assert not set(who(left)) & {done.work.submission.student for done in first}
        assert len(grade_all(course, left)) == len(left)

    def test_a_stopped_forced_run_goes_on_without_force(self, course):
        grade_all(course)
        work = find_work(course.course, "mse", force=True)
        with closing(grade_class(course.course, work, Here())) as run:
            next(run)
        assert len(find_work(course.course, "mse")) == len(HANDFUL) - 1

    def test_what_is_handed_in_again_is_graded_again(self, course):
        grade_all(course)
        path = course.submitted("all-right", "mse")
        path.write_text(path.read_text() + "\n")
        late = course.submitted("missing-mean", "mse").parent / "timestamp.txt"
        late.write_text("2031-01-01 00:00:00 UTC")
        assert who(find_work(course.course, "mse")) == ["all-right", "missing-mean"]

    def test_files_of_an_earlier_submission_go(self, course):
        folder = course.submitted("all-right", "mse").parent
        (folder / "notes").mkdir()
        (folder / "notes" / "a.txt").write_text("first")
        (folder / "b.txt").write_text("first")
        grade_all(course)
        graded = course.autograded("all-right", "mse").parent
        other = graded / "other.ipynb"
        other.write_text("{}")
        assert (graded / "notes" / "a.txt").read_text() == "first"
        shutil.rmtree(folder / "notes")
        (folder / "notes").write_text("now a file")
        (folder / "b.txt").unlink()
        grade_all(course, find_work(course.course, "mse", force=True))
        assert (graded / "notes").read_text() == "now a file"
        assert not (graded / "b.txt").exists()
        assert other.exists()

    def test_permissions_are_those_of_nbgrader(self, course):
        grade_all(course)
        folder = course.autograded("all-right", "mse").parent
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}

    def test_a_result_that_comes_twice_counts_once(self, course):
        work = find_work(course.course, "mse")
        assert len(grade_all(course, work + work)) == 2 * len(work)
        with closing_book(course) as book:
            assert len(book.assignment_submissions("mse")) == len(work)
            assert len(book.students) == len(work)

    def test_only_a_window_is_in_memory(self, course, monkeypatch):
        alive, most = 0, 0
        inner = class_grading.grade_submitted

        def grade_submitted(submitted):
            nonlocal alive, most
            alive += 1
            most = max(most, alive)
            weakref.finalize(submitted, gone)
            return inner(submitted)

        def gone():
            nonlocal alive
            alive -= 1

        monkeypatch.setattr(class_grading, "grade_submitted", grade_submitted)
        work = find_work(course.course, "mse") * 6
        for _ in grade_class(course.course, work, Here()):
            pass
        assert IN_FLIGHT <= most <= IN_FLIGHT + 2
        assert alive <= 1


@pytest.mark.usefixtures("without_kernels")
class TestFaults:
    def test_a_submission_that_kills_its_workers_takes_no_other_with_it(self, course):
        """When one process dies, all that is in flight is lost with it."""
        killed = []

        class Dying(Here):
            def submit(self, function, submitted):
                future = Future()
                flying.append((future, function, submitted))
                if len(flying) == 4 or submitted.student in killed:
                    self.settle()
                return future

            def settle(self):
                guilty = any(item.student == "missing-mean" for _, _, item in flying)
                for future, function, item in flying:
                    if guilty:
                        killed.append(item.student)
                        future.set_exception(BrokenProcessPool("a process died"))
                    else:
                        future.set_result(function(item))
                flying.clear()

        flying = []
        names = ("all-right", "deleted-cells", "missing-mean", "syntax-error")
        work = find_work(course.course, "mse", names)
        done = grade_all(course, work, Dying())
        assert Counter(killed)["missing-mean"] == 2
        assert {item.work.submission.student: item.fault for item in done if item.fault} == {
            "missing-mean": "its worker died 2 times (BrokenProcessPool: a process died)"
        }
        assert len(done) == len(names)

    def test_a_wrong_setting_is_told_before_a_result_is_given_up(self, course):
        grade_all(course)
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + "\nc.Execute.timeout = 'long'\n")
        again = find_work(course.course, "mse", force=True)
        with pytest.raises(CourseError, match=r"_config\.py is wrong: .* not the str 'long'"):
            grade_all(course, again)
        assert again
        assert all(item.record_file.is_file() for item in again)

    def test_a_fault_of_a_worker_does_not_stop_the_class(self, course):
        def fail(submitted):
            return ValueError("of\nours") if submitted.student == "all-right" else None

        done = grade_all(course, workers=Here(fail=fail))
        assert [item.fault for item in done if item.record is None] == ["ValueError: of"]
        assert who(find_work(course.course, "mse")) == ["all-right"]

    def test_a_submission_that_vanishes_does_not_stop_the_class(self, course):
        work = find_work(course.course, "mse")
        course.submitted("all-right", "mse").unlink()
        faults = [done.fault for done in grade_all(course, work) if done.record is None]
        assert len(faults) == 1
        assert "is not there any more" in faults[0]

    @pytest.mark.parametrize("name", ["mse.ipynb", "mse.record.json", "selfcheck.py"])
    def test_a_full_disk_is_told_and_loses_nothing(self, course, monkeypatch, name):
        replace, written = os.replace, []

        def full(source, target):
            if str(target).endswith(name) and len(written) == 2:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
            written.append(target) if str(target).endswith(name) else None
            replace(source, target)

        monkeypatch.setattr(os, "replace", full)
        done = []
        with pytest.raises(CourseError, match=r"cannot be written \(No space left") as fault:
            done += grade_class(course.course, find_work(course.course, "mse"), Here())
        assert len(str(fault.value).splitlines()) == 2
        assert not list(course.folder.rglob(".writing-*"))
        monkeypatch.undo()
        assert len(find_work(course.course, "mse")) == len(HANDFUL) - 2

    def test_a_classroom_that_cannot_be_written_is_told(self, course):
        (course.folder / "autograded").write_text("in the way")
        with pytest.raises(CourseError, match=r"autograded.* cannot be written"):
            grade_all(course)

    def test_a_student_who_is_not_in_the_gradebook(self, course):
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + "\nc.Autograde.create_student = False\n")
        with closing_book(course) as book:
            book.add_student("all-right")
        faults = [done.fault for done in grade_all(course) if done.record is None]
        assert len(faults) == len(HANDFUL) - 1
        assert "No such student" in faults[0]


class TestScores:
    """The same to the cent, whoever grades."""

    def test_in_sequence(self, course):
        grade_all(course)
        assert scores(course) == expected()

    @pytest.mark.parametrize("jobs", [1, 2, 4])
    def test_in_parallel(self, course, jobs):
        with executors.pool(jobs) as workers:
            grade_all(course, workers=workers)
        assert scores(course) == expected()

    @pytest.mark.skipif(not landlock.version(), reason="this host has no Landlock")
    def test_with_the_walls_of_the_second_choice(self, course, monkeypatch):
        fallback = walls.standard_settings().fallback()
        assert "landlock" in fallback.inner
        monkeypatch.setattr(walls, "standard_settings", lambda: fallback)
        with open_python(monkeypatch):
            grade_all(course)
        assert scores(course) == expected()

    def test_without_walls(self, course):
        work = find_work(course.course, "mse", ("missing-mean", "works-in-place"))
        grade_all(course, work, walled=False)
        names = ("missing-mean", "works-in-place")
        assert scores(course, names) == expected(names)

    def test_when_a_worker_is_killed_in_the_middle(self, course):
        with executors.pool(2) as workers:
            run = grade_class(course.course, find_work(course.course, "mse"), workers)
            done = [next(run)]
            os.kill(workers.submit(own_pid, None).result(), signal.SIGKILL)
            done += run
        assert len(done) == len(HANDFUL)
        assert [item.fault for item in done if item.fault] == []
        assert scores(course) == expected()


def own_pid(_):
    return os.getpid()


def test_the_whole_class_in_parallel(released, tmp_path):
    course = released.copy_to(tmp_path / "course")
    for sample in SAMPLES:
        course.submit(sample)
    units = {sample.unit for sample in SAMPLES}
    work = [item for unit in units for item in find_work(course.course, unit)]
    with executors.pool(executors.default_jobs()) as workers:
        done = list(grade_class(course.course, work, workers))
    assert [item.fault for item in done if item.fault] == []
    recorded = {(item.work.unit, item.record.student): item.record.score for item in done}
    assert recorded == {(s.unit, s.student): s.score for s in SAMPLES}
    for unit in units:
        names = [sample.student for sample in samples_of(unit)]
        assert scores(course, names, unit) == expected(names, unit)


PENALTY = """
from nbgrader.plugins import BasePlugin

class Tenth(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * (total_seconds_late // 86400 + 1) / 10

c.AssignLatePenalties.plugin_class = Tenth
"""
STOCK_STEPS = """
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute

c.Autograde.sanitize_preprocessors = Autograde.sanitize_preprocessors.default_args[0]
c.Autograde.autograde_preprocessors = [
    nbgrader_plugin.GradeTasks if step is Execute else step
    for step in Autograde.autograde_preprocessors.default_args[0]
]
"""


NAMES = ("all-right", "calls-exit", "empty", "other-kernel", "typed-badly")


@pytest.fixture(scope="module")
def three(released, tmp_path_factory):
    """The same course thrice: graded by nbgrader's own steps, by us, and by nbgrader's button."""

    def make(folder):
        course = released.copy_to(folder / "theirs")
        seeds.course_secret(course.folder / ".lossgrad-secret")
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + PENALTY)
        due = datetime(2026, 3, 1)
        with closing_book(course) as book:
            book.update_or_create_assignment("derivatives", duedate=due)
            book.add_notebook("essay", "derivatives")
            book.add_grade_cell("why", "essay", "derivatives", max_score=3, cell_type="markdown")
        for number, name in enumerate(NAMES):
            path = course.submit(sample_named("derivatives", name))
            handed_in = due.replace(tzinfo=UTC) + timedelta(days=number - 1.5)
            text = handed_in.strftime("%Y-%m-%d %H:%M:%S %Z")
            (path.parent / "timestamp.txt").write_text(text)
            (path.parent / "own.txt").write_text(name)
            (path.parent / "selfcheck.py").write_text("changed")
        (path.parent / "timestamp.txt").unlink()
        ours, pressed = (course.copy_to(folder / name) for name in ("ours", "pressed"))
        config.write_text(config.read_text() + STOCK_STEPS)
        theirs_grades(course)
        ours_grades(ours)
        press(pressed, NAMES)
        for graded in (course, ours, pressed):
            by_hand(graded)
        theirs_grades(course, "--force", "--student", "calls-exit")
        ours_grades(ours, ("calls-exit",), force=True)
        press(pressed, ["calls-exit"])

    folder = classroom.once(tmp_path_factory, "three", make).root
    return [classroom.Classroom(folder / name) for name in ("theirs", "ours", "pressed")]


class TestAgainstNbgrader:
    """`lossgrad grade`, the button and stock steps leave the same gradebook and notebooks."""

    def test_the_gradebooks_are_equal(self, three):
        theirs, ours, pressed = map(everything, three)
        assert ours == theirs
        assert pressed == theirs

    def test_the_gradebook_has_what_the_comparison_is_about(self, three):
        theirs = everything(three[0])
        assert any(line["penalty"] for line in theirs["notebooks"])
        assert any(not line["penalty"] for line in theirs["notebooks"])
        assert any(line["timestamp"] is None for line in theirs["submissions"])
        assert any(line["manual_score"] == 1.5 for line in theirs["grades"])
        assert any(
            line["auto_score"] == 0 and not line["needs_manual_grade"]
            for line in theirs["grades"]
            if line["notebook"] == "essay"
        )
        assert {"No response.", None} <= {line["auto_comment"] for line in theirs["comments"]}
        assert any(line["manual_comment"] == "Well done" for line in theirs["comments"])

    def test_the_graded_notebooks_are_equal(self, three):
        for name in NAMES:
            theirs, ours, pressed = (
                json.loads(course.autograded(name, "derivatives").read_text()) for course in three
            )
            assert ours == theirs
            assert pressed == theirs

    def test_the_same_files_are_beside_them(self, three):
        theirs, *others = map(files_of, three)
        for these in others:
            assert {path: these[path] for path in these if not path.endswith(".record.json")} == {
                path: theirs[path] for path in theirs if not path.endswith(".record.json")
            }
            assert these.keys() == theirs.keys()

    def test_the_formgrader_shows_ours(self, three):
        submissions = three[1].course.api().get_submissions("derivatives")
        shown = {entry["student"]: entry for entry in submissions}
        assert set(shown) == set(NAMES)
        assert all(entry["autograded"] for entry in submissions)
        assert shown["all-right"]["score"] > 0
        assert shown["calls-exit"]["needs_manual_grade"]


def theirs_grades(course, *options):
    course.run("nbgrader", "autograde", "derivatives", *options)


def press(course, students):
    for student in students:
        course.through_api("autograde", "derivatives", student)


def ours_grades(course, students=(), force=False):
    work = find_work(course.course, "derivatives", students, force)
    done = list(grade_class(course.course, work, Here()))
    assert len(done) == len(students or NAMES)


def by_hand(course):
    with closing_book(course) as book:
        notebook = book.find_submission_notebook("derivatives", "derivatives", "calls-exit")
        notebook.grades[0].manual_score = 1.5
        notebook.grades[0].needs_manual_grade = False
        notebook.grades[0].extra_credit = 0.5
        notebook.comments[0].manual_comment = "Well done"
        book.db.commit()


def everything(course):
    """Return all of a gradebook but the random ids and the order of rows."""
    queries = {
        "students": "select * from student",
        "submissions": "select a.name, student_id, timestamp, extension from submitted_assignment s"
        " join assignment a on s.assignment_id = a.id",
        "notebooks": "select student_id, n.name, late_submission_penalty as penalty" + JOINED,
        "grades": "select student_id, n.name as notebook, c.name, auto_score, manual_score,"
        f" extra_credit, needs_manual_grade {JOINED} join grade g on g.notebook_id = s.id"
        " join base_cell c on g.cell_id = c.id",
        "comments": "select student_id, n.name as notebook, c.name, auto_comment, manual_comment"
        f" {JOINED} join comment g on g.notebook_id = s.id join base_cell c on g.cell_id = c.id",
    }
    with closing(sqlite3.connect(course.folder / "gradebook.db")) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: sorted(map(dict, connection.execute(query)), key=str)
            for name, query in queries.items()
        }


JOINED = (
    " from submitted_notebook s join notebook n on s.notebook_id = n.id"
    " join submitted_assignment a on s.assignment_id = a.id"
)


def files_of(course):
    root = course.folder / "autograded"
    return {
        str(path.relative_to(root)): "" if path.suffix == ".ipynb" else path.read_text()
        for path in root.rglob("*")
        if path.is_file()
    }
