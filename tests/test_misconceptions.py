"""Every known wrong answer fails at the check named for it, with its own hint and no other."""

import pytest

from autograder import tasks
from autograder.results import Verdict
from autograder.tasks import checks_of, run_task
from solutions.misconceptions import misconceptions_of
from tests.units import SEEDS, UNITS, submission_with

SEEDS_OF_WHOLE_TASKS = 4
ALL = [pytest.param(unit, m, id=m.name) for unit in UNITS for m in misconceptions_of(unit)]


@pytest.mark.parametrize(("unit", "misconception"), ALL)
def test_it_fails_at_its_check_with_its_own_hint(unit, misconception):
    submission = submission_with(unit, **{misconception.task: misconception.function})
    for seed in SEEDS[:SEEDS_OF_WHOLE_TASKS]:
        result = run_task(unit, misconception.task, 10, submission, seed)
        checks = {check.name: check for check in result.checks}
        named = checks[misconception.check]
        assert named.verdict is Verdict.FAILED, seed
        assert named.misconception == misconception.name, (seed, named)
        hints = [check.hint for check in result.checks if check.hint]
        assert hints == [misconception.hint], seed
        assert result.score < 10
    with pytest.MonkeyPatch.context() as patched:
        # What the named check needs, and no other: the rest takes most of the time.
        needed = _needed(checks_of(unit)[misconception.task], misconception.check)
        patched.setattr(tasks, "checks_of", lambda _: {misconception.task: needed})
        for seed in SEEDS[SEEDS_OF_WHOLE_TASKS:]:
            named = run_task(unit, misconception.task, 10, submission, seed).checks[-1]
            assert named.verdict is Verdict.FAILED, seed
            assert named.misconception == misconception.name, (seed, named)


def _needed(checks, name):
    """Return the check of this name, last, after those it depends on."""
    needed = {name}
    for check in reversed(checks):
        needed |= set(check.marks.after) if check.name in needed else set()
    return tuple(check for check in checks if check.name in needed)


@pytest.mark.parametrize("unit", UNITS)
def test_names_and_hints_are_in_order(unit):
    known = checks_of(unit)
    hints = [m.hint for m in misconceptions_of(unit)]
    assert len(hints) == len(set(hints)), "two misconceptions with the same hint"
    for m in misconceptions_of(unit):
        assert m.check in {check.name for check in known[m.task]}, m.name
        assert m.name.startswith(m.task), m.name
        assert 20 <= len(m.hint) <= 250, m.name


@pytest.mark.parametrize(
    ("unit", "task"), [(u, t) for u in UNITS for t in checks_of(u)], ids=lambda value: value
)
def test_there_are_enough_of_them(unit, task):
    assert sum(m.task == task for m in misconceptions_of(unit)) >= 8
