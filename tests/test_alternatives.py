"""Every right answer in another style gets full marks, whatever the random inputs."""

import pytest

from autograder.results import Verdict
from autograder.tasks import checks_of, run_task
from tests.alternatives import alternatives_of
from tests.units import SEEDS, UNITS, submission_with

ALL = [pytest.param(unit, a, id=a.name) for unit in UNITS for a in alternatives_of(unit)]
TASKS = [pytest.param(unit, task, id=task) for unit in UNITS for task in checks_of(unit)]


def assert_full_marks(unit, task, submission):
    for seed in SEEDS:
        result = run_task(unit, task, 10, submission, seed)
        failed = [check for check in result.checks if check.verdict is not Verdict.PASSED]
        assert not failed, (seed, failed)
        assert result.score == 10


@pytest.mark.parametrize(("unit", "alternative"), ALL)
def test_it_gets_full_marks(unit, alternative):
    assert_full_marks(
        unit, alternative.task, submission_with(unit, **{alternative.task: alternative.function})
    )


@pytest.mark.parametrize(("unit", "task"), TASKS)
def test_the_reference_gets_full_marks(unit, task):
    assert_full_marks(unit, task, submission_with(unit))


@pytest.mark.parametrize(("unit", "task"), TASKS)
def test_an_unsolved_task_gets_nothing(unit, task):
    def unsolved(*arguments):
        raise NotImplementedError

    result = run_task(unit, task, 10, submission_with(unit, **{task: unsolved}), SEEDS[0])
    assert result.score == 0
    assert result.checks[0].reason == f"`{task}` is not written yet."


@pytest.mark.parametrize(("unit", "task"), TASKS)
def test_there_are_enough_of_them(unit, task):
    assert sum(a.task == task for a in alternatives_of(unit)) >= 4
