"""Every hand-in is kept, and the one counts that the setting says: through nbgrader's exchange."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect, ExchangeSubmit
from traitlets.config import Config

from autograder import attempts, best_attempt, explain, samples
from autograder.attempts import Attempt, CollectLastOnTime, Policy
from autograder.course import CourseError
from autograder.grade_command import Asked, run
from tests import classroom
from tests.classroom import ROOT, sample_named

# A test run has threads of its own; the command has none when its workers begin.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

# What ann and ben hand in, one after another; the due date is before the last one.
HANDED_IN = ("all-right", "missing-mean", "works-in-place")


def book(course):
    return Gradebook(f"sqlite:///{course.folder}/gradebook.db", "lossgrad")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, released):
    """A course whose students have handed in several times; no test may change it."""

    def make(folder):
        course = released.copy_to(folder)
        config = folder / "nbgrader_config.py"
        config.write_text(config.read_text() + '\nc.Exchange.root = str(here / "exchange")\n')
        course.through_api("release_assignment", "mse")
        for sample in HANDED_IN[:2]:
            for student in ("ann", "ben"):
                submit(course, student, sample)
        with book(course) as gradebook:
            now = datetime.now(UTC).replace(tzinfo=None)
            gradebook.update_or_create_assignment("mse", duedate=now)
            gradebook.add_student("ben")
            gradebook.add_submission("mse", "ben")
            gradebook.grant_extension("mse", "ben", hours=1)
        for student in ("ann", "ben"):
            submit(course, student, HANDED_IN[2])
        submit(course, "once", "missing-mean")

    return classroom.once(tmp_path_factory, "handed-in-often", make)


@pytest.fixture
def course(handed_in, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return handed_in.copy_to(tmp_path / "course")


def submit(course, student, sample):
    """Hand in a sample as a student does with `nbgrader submit`."""
    home = course.root / "homes" / student
    shutil.rmtree(home, ignore_errors=True)
    made = samples.submit(
        sample_named("mse", sample),
        course.folder / "release" / "mse" / "mse.ipynb",
        ROOT / "solutions" / "mse.py",
        home,
    )
    made.parent.rename(home / "mse")
    settings = Config(course.course.config)
    settings.Exchange.assignment_dir = str(home)
    settings.Exchange.cache = str(course.root / "cache")
    coursedir = CourseDirectory(config=settings, student_id=student, assignment_id="mse")
    ExchangeSubmit(
        coursedir=coursedir, authenticator=Authenticator(config=settings), config=settings
    ).start()


def counts(course, student):
    """Return which sample is in `submitted/`."""
    text = course.submitted(student, "mse").read_text()
    those = attempts.attempts(course.course, "mse")[student]
    texts = [(attempt.folder / "mse.ipynb").read_text() for attempt in those]
    return HANDED_IN[texts.index(text)]


def grade(course, capsys, **asked):
    from rich.console import Console

    code = run(course.course, Asked("mse", jobs=1, **asked), Console(width=200))
    return code, capsys.readouterr().out


def test_nbgrader_collects_the_last_on_time(course, capsys):
    course.run("nbgrader", "collect", "mse")
    assert counts(course, "ann") == "missing-mean"
    assert counts(course, "ben") == "works-in-place"  # has an extension
    assert course.submitted("once", "mse").exists()  # late, but there is no other
    assert len(list((course.root / "exchange" / "lossgrad" / "inbound").iterdir())) == 7

    code, _ = grade(course, capsys, students=("ann",))
    record = course.record("ann", "mse")
    assert code == 0
    assert record.score == sample_named("mse", "missing-mean").score
    assert (record.attempt.number, record.attempt.of) == (2, 3)
    assert (record.attempt.policy, record.attempt.scores) == ("last on time", ())
    assert "attempt 2 of 3, handed in " in explain.explain(record)


def test_the_best_on_time_counts_if_that_is_set(course, capsys):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.ClassGrading.attempts = "best"\n')
    course.through_api("collect", "mse")
    _, out = grade(course, capsys, dry_run=True, students=("ann",))
    assert out.count("would try an attempt of ann mse") == 2

    code, _ = grade(course, capsys, students=("ann",))
    assert code == 0
    assert counts(course, "ann") == "all-right"
    assert course.score("ann", "mse") == sample_named("mse", "all-right").score
    attempt = course.record("ann", "mse").attempt
    scores = tuple(sample_named("mse", name).score for name in HANDED_IN[:2])
    assert (attempt.number, attempt.of, attempt.policy) == (1, 3, "best")
    assert attempt.scores == scores
    told = explain.explain(course.record("ann", "mse"))
    assert "the best counts (those on time have 18, 10.34)" in told
    with book(course) as gradebook:
        assert gradebook.find_submission("mse", "ann").late_submission_penalty in (None, 0)

    assert best_attempt.trials(course.course, "mse", ("ann",)) == []
    assert len(best_attempt.trials(course.course, "mse", ("ann",), force=True)) == 2
    code, out = grade(course, capsys, students=("ann",))
    assert out.startswith("All of mse is graded already.")
    assert len(best_attempt.trials(course.course, "mse")) == 3  # of ben, who has more time


class TestChoosing:
    DUE = datetime(2026, 3, 1, 12)

    def those(self, *hours):
        return [Attempt("ann", "mse", None, self.DUE + timedelta(hours=hour)) for hour in hours]

    @pytest.mark.parametrize(
        ("hours", "good"), [((-2, -1, 1), 2), ((-1, 0), 2), ((1, 2), 1), ((), 0)]
    )
    def test_those_on_time_or_else_the_last(self, hours, good):
        those = self.those(*hours)
        assert attempts.on_time(those, self.DUE) == (
            those[:good] if those and hours[0] <= 0 else those[-good:] if good else []
        )

    def test_nothing_is_late_without_a_due_date(self):
        assert len(attempts.on_time(self.those(1, 2), None)) == 2

    def test_another_policy_is_told(self, course):
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + '\nc.ClassGrading.attempts = "worst"\n')
        with pytest.raises(CourseError, match="is 'worst' in nbgrader_config"):
            attempts.policy(course.course)

    def test_the_default_is_the_last_on_time(self, course):
        assert attempts.policy(course.course) is Policy.LAST_ON_TIME
        settings = course.course.config
        assert settings.ExchangeFactory.collect == "autograder.attempts.CollectLastOnTime"
        assert issubclass(CollectLastOnTime, ExchangeCollect)


class TestKeeping:
    def test_names_in_the_exchange_that_are_none_are_passed_over(self, course):
        inbound = course.root / "exchange" / "lossgrad" / "inbound"
        for name in ("x", "x+mse", "x+mse+yesterday+r", "x+hinge+2026-03-01 11:00:00 UTC+r"):
            (inbound / name).mkdir()
        (inbound / "x+mse+2026-03-01 11:00:00 UTC").write_text("a file")
        assert set(attempts.attempts(course.course, "mse")) == {"ann", "ben", "once"}

    def test_an_attempt_takes_the_place_of_what_was_there_which_is_kept(self, course):
        folder = course.submitted("ann", "mse").parent
        folder.mkdir(parents=True)
        (folder / "mse.ipynb").write_text("by mail")
        those = attempts.attempts(course.course, "mse")["ann"]
        assert attempts.install(course.course, those[0], those)
        assert not attempts.install(course.course, those[0], those)
        first = (those[0].folder / "mse.ipynb").read_text()
        assert (folder / "mse.ipynb").read_text() == first
        kept = attempts.attempts(course.course, "mse")["ann"][0]
        assert (kept.folder / "mse.ipynb").read_text() == "by mail"
        assert kept.timestamp is None

    def test_links_and_special_files_stay_behind(self, tmp_path):
        source = tmp_path / "source"
        (source / "data").mkdir(parents=True)
        (source / "data" / "a.csv").write_text("1")
        (source / "link").symlink_to("/etc/passwd")
        (source / "links").symlink_to("/etc")
        (source / "x.record.json").write_text("{}")
        os.mkfifo(source / "fifo")
        source.chmod(0o555)
        attempts.copy_folder(source, tmp_path / "copy", ["*.record.json"])
        copied = sorted((tmp_path / "copy").rglob("*"))
        assert [path.name for path in copied] == ["data", "a.csv"]

    def test_a_place_that_cannot_be_written_is_told(self, tmp_path):
        (tmp_path / "source").mkdir()
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(CourseError, match="cannot be written"):
            attempts.copy_folder(tmp_path / "source", tmp_path / "file" / "copy", [])
