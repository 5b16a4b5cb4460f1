"""Running a task: verdicts in order of dependency, partial credit, a mistake named once."""

import sys
import types

import numpy as np
import pytest

from autograder import tasks
from autograder.checks import check, expect_repeatable, expect_shape, expect_values, fail
from autograder.results import CheckResult, TaskResult, Verdict
from autograder.submission import LocalTransport, Submission
from autograder.tasks import GraderError, checks_of, run_task
from solutions.misconceptions import Misconception
from tests.units import UNITS, submission_with

drawn = []


def double(x):
    return 2 * x


class TestDouble:
    __test__ = False  # run by the tests below, not by pytest
    task = "double"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array
        of the right shape.
        """  # noqa: D205
        expect_shape(submission.double, [(rng.normal(size=3),)], double)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The value is right."""
        drawn.append(rng.random())
        expect_values(submission.double, [(rng.normal(size=3),)], double)

    @check(weight=2, after=("shape", "value"))
    def test_single(self, submission, rng):
        """One is enough."""
        expect_values(submission.double, [(rng.normal(size=1),)], double)

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It has no memory."""
        drawn.append(rng.random())
        expect_repeatable(submission.double, [(rng.normal(size=3),)])

    def helper(self):
        """Nobody's check."""


class TestHalf:
    __test__ = False
    task = "half"

    @check(weight=3)
    def test_shape(self, submission, rng):
        """It is half."""
        if submission.half(2.0) != 1.0:
            fail("It is not.", "half", "something else")


MISTAKES = (
    Misconception("double_sign", "double", "value", "The sign is wrong.", lambda x: -2 * x),
    Misconception("double_column", "double", "shape", "It is a column.", lambda x: 2 * x[:, None]),
)


@pytest.fixture
def unit(monkeypatch):
    """A function that makes a unit of some test classes."""

    def make(*classes, name="sample"):
        module = types.ModuleType(f"autograder.graders.test_{name}")
        for grader in classes:
            setattr(module, grader.__name__, grader)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        checks_of.cache_clear()
        return name

    monkeypatch.setattr(tasks, "misconceptions_of", lambda name: MISTAKES)
    drawn.clear()
    yield make
    checks_of.cache_clear()


def run(unit_name, task="double", seed="seed", points=8, **functions):
    return run_task(unit_name, task, points, Submission(LocalTransport(functions)), seed)


def verdicts(result):
    return {check.name: str(check.verdict) for check in result.checks}


class TestVerdicts:
    def test_the_right_answer_passes_everything(self, unit):
        result = run(unit(TestDouble), double=double)
        assert set(verdicts(result).values()) == {"passed"}
        assert (result.score, result.problem) == (8, "")

    def test_what_depends_on_a_failed_check_is_not_checked(self, unit):
        result = run(unit(TestDouble), double=lambda x: 2 * x[:, None])
        assert verdicts(result) == {
            "shape": "failed",
            "value": "not checked",
            "single": "not checked",
            "repeatable": "not checked",
        }
        waits = "This builds on a check that did not pass: "
        assert result.checks[1].reason == waits + result.checks[0].sentence
        assert result.score == 0

    def test_what_does_not_depend_on_it_still_counts(self, unit):
        result = run(unit(TestDouble), double=lambda x: 3 * x)
        assert verdicts(result) == {
            "shape": "passed",
            "value": "failed",
            "single": "not checked",
            "repeatable": "passed",
        }
        assert result.score == 2

    def test_a_failed_check_says_why_with_numbers(self, unit):
        _, value, *_ = run(unit(TestDouble), double=lambda x: 3 * x).checks
        assert value.reason == "Every entry is 1.5 times the right one."
        assert float(value.actual) == pytest.approx(1.5 * float(value.expected), rel=1e-4)
        assert value.sentence == "The value is right."
        assert value.seconds > 0

    def test_the_sentence_is_one_line(self, unit):
        shape = checks_of(unit(TestDouble))["double"][0]
        assert shape.sentence == "It returns an array of the right shape."

    @pytest.mark.parametrize(
        ("weights", "passed", "score"),
        [
            ((1, 2), (True, False), 3.33),
            ((1, 2), (False, True), 6.67),
            ((7,), (True,), 10.0),
            ((), (), 0),
        ],
    )
    def test_the_score_is_the_share_of_the_weights_to_two_decimals(self, weights, passed, score):
        checks = tuple(
            CheckResult(str(i), "", weight, Verdict.PASSED if p else Verdict.FAILED)
            for i, (weight, p) in enumerate(zip(weights, passed, strict=True))
        )
        assert TaskResult("task", 10, checks).score == score

    def test_tasks_of_a_unit_are_apart_and_in_order(self, unit):
        name = unit(TestHalf, TestDouble)
        assert list(checks_of(name)) == ["half", "double"]
        assert run(name, task="half", half=lambda x: x / 2).score == 8


class TestHints:
    def test_a_known_mistake_is_named(self, unit):
        value = run(unit(TestDouble), double=lambda x: x * -2).checks[1]
        assert (value.misconception, value.hint) == ("double_sign", "The sign is wrong.")

    def test_a_mistake_that_shows_twice_is_told_once(self, unit):
        class TestTwice:
            task = "double"

            @check(weight=1)
            def test_shape(self, submission, rng):
                """First."""
                expect_values(submission.double, [(rng.normal(size=3),)], double)

            @check(weight=1)
            def test_value(self, submission, rng):
                """Second."""
                expect_values(submission.double, [(rng.normal(size=3),)], double)

        first, second = run(unit(TestTwice), double=lambda x: x * -2).checks
        assert first.misconception == second.misconception == "double_sign"
        assert (first.hint, second.hint) == ("The sign is wrong.", None)

    def test_a_right_answer_gets_no_hint(self, unit):
        assert not any(check.hint for check in run(unit(TestDouble), double=double).checks)


class TestDeterminism:
    def test_the_same_seed_repeats_everything(self, unit):
        name = unit(TestDouble)

        def outcome(seed):
            result = run(name, seed=seed, double=lambda x: 3 * x)
            return [(c.name, c.verdict, c.reason, c.expected, c.actual) for c in result.checks]

        assert outcome("a") == outcome("a")
        assert outcome("a") != outcome("b")

    def test_checks_draw_independently(self, unit):
        name = unit(TestDouble)
        run(name, double=double)
        value, repeatable = drawn
        assert value != repeatable
        run(name, double=lambda x: np.zeros((3, 3)))  # stops at the shape
        run(name, double=double)
        assert drawn == [value, repeatable] * 2


def hang(x):
    while True:
        pass


class TestTrouble:
    def test_a_missing_function_gets_nothing(self, unit):
        result = run(unit(TestDouble))
        assert result.checks[0].reason.startswith("There is no function named `double`.")
        assert result.score == 0

    @pytest.mark.parametrize(
        ("f", "said"),
        [
            (lambda x: 1 / 0, "It raised ZeroDivisionError"),
            (lambda x: sys.exit("bye"), "It raised SystemExit"),
            (lambda x: np.zeros(10**7), "Its result is far too large."),
            (
                lambda x: x.astype(object),
                "It should return an array of shape (3,); it returned a v",
            ),
            (lambda x: 2**2000, "It should return an array of shape (3,); it returned a v"),
            (lambda x: x > 0, "It should return an array of shape (3,); it returned an array of T"),
            (
                lambda x: ["\x1b[2J" * 100, *[1.0] * 9],
                "It returned a list of length 10 that is not",
            ),
            (lambda x: "\ud800", "It should return an array of shape (3,); it returned a text."),
            (
                lambda x: {"\ud800": x},
                "It should return an array of shape (3,); it returned a dict.",
            ),
        ],
    )
    def test_nothing_that_a_function_does_stops_the_grading(self, unit, f, said):
        result = run(unit(TestDouble), double=f)
        assert result.checks[0].reason.startswith(said)
        assert (result.score, result.problem) == (0, "")

    def test_a_function_that_hangs_fails_its_check(self, unit):
        transport = LocalTransport({"double": hang}, seconds=0.05)
        result = run_task(unit(TestDouble), "double", 8, Submission(transport), "seed")
        assert (
            result.checks[0].reason == "It did not finish in time. Is there a loop that never ends?"
        )
        assert verdicts(result)["value"] == "not checked"

    def test_a_task_that_takes_too_long_is_not_checked_further(self, unit, monkeypatch):
        monkeypatch.setattr(tasks, "SECONDS_PER_TASK", -1.0)
        result = run(unit(TestDouble), double=double)
        assert "took more than" in result.checks[0].reason
        assert result.score == 0

    def test_a_broken_check_is_told_and_the_others_go_on(self, unit, caplog):
        class TestBroken:
            task = "double"

            @check(weight=1)
            def test_shape(self, submission, rng):
                """It breaks."""
                raise KeyError("secret")

            @check(weight=1)
            def test_value(self, submission, rng):
                """It works."""

        result = run(unit(TestBroken), double=double)
        assert verdicts(result) == {"shape": "failed", "value": "passed"}
        assert "no fault of yours" in result.checks[0].reason
        assert result.problem == "the check `shape` broke (KeyError)"
        assert "secret" in caplog.text


class TestAuthorErrors:
    def assert_refused(self, unit, grader, match):
        with pytest.raises(GraderError, match=match):
            checks_of(unit(grader))

    def test_a_check_needs_its_mark(self, unit):
        class TestBad:
            task = "double"

            def test_shape(self, submission, rng):
                """No mark."""

        self.assert_refused(unit, TestBad, r"TestBad.test_shape lacks its @check")

    def test_a_check_comes_after_one_above_it(self, unit):
        class TestBad:
            task = "double"

            @check(weight=1, after="value")
            def test_shape(self, submission, rng):
                """Too early."""

            @check(weight=1)
            def test_value(self, submission, rng):
                """Too late."""

        self.assert_refused(unit, TestBad, r"comes after \['value'\], not defined above it")

    def test_a_class_needs_a_task_of_its_own(self, unit):
        class TestBad:
            pass

        self.assert_refused(unit, TestBad, "has no attribute `task`")

        class TestDoubleAgain:
            task = "double"

        with pytest.raises(GraderError, match="'double' of another class"):
            checks_of(unit(TestDouble, TestDoubleAgain, name="other"))

    def test_an_unknown_task_is_an_error(self, unit):
        with pytest.raises(GraderError, match="no checks of a task 'tripple'"):
            run(unit(TestDouble), task="tripple")


@pytest.mark.parametrize("name", UNITS)
def test_every_task_of_the_course_starts_with_its_shape_and_sums_up(name):
    for task, checks in checks_of(name).items():
        assert checks[0].name == "shape", task
        assert all("shape" in c.marks.after or c.marks.after for c in checks[1:]), task
        assert all(c.sentence.endswith(".") and len(c.sentence.split()) <= 15 for c in checks), task
        assert run_task(name, task, 7, submission_with(name), "seed").score == 7
