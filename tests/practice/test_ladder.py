"""What is told after how many failed tries."""

from dataclasses import replace

import pytest

from autograder.practice import ladder
from autograder.practice.progress import State, TaskProgress
from tests.units import ROOT

FAILED = TaskProgress(state=State.FAILED)


@pytest.mark.parametrize(
    ("progress", "level"),
    [
        (TaskProgress(), 0),
        (TaskProgress(state=State.PASSED, tries=7), 0),
        (FAILED, ladder.COMPARED),
        (replace(FAILED, tries=1), ladder.COMPARED),
        (replace(FAILED, tries=2), ladder.NAMED),
        (replace(FAILED, tries=3), ladder.RULE),
        (replace(FAILED, tries=4), ladder.SIBLING),
        (replace(FAILED, tries=40), ladder.SIBLING),
        (replace(FAILED, tries=1, asked=3), ladder.RULE),
    ],
)
def test_help_grows_with_failed_tries_and_with_asking(progress, level):
    assert ladder.level(progress) == level


def checked(learner, **bodies):
    learner.write(**bodies)
    return learner.check()[next(reversed(bodies))]


def helps(each, level):
    shown = ladder.shown(each.result, level)
    found = ladder.helps(ROOT, "mse", each.task, shown, level, each.calls)
    return shown, found


def test_a_named_mistake_is_told_from_the_second_try_on(learner):
    each = checked(learner, mse="return np.sum((y - y_hat) ** 2)")
    first, nothing = helps(each, ladder.COMPARED)
    assert not any(check.hint for check in first.checks)
    assert any(check.expected for check in first.checks)
    assert nothing == []
    second, nothing = helps(each, ladder.NAMED)
    assert next(check.hint for check in second.checks if check.hint).startswith("Your loss is N")
    assert nothing == []


def test_a_mistake_without_a_name_is_shown_in_numbers(learner):
    each = checked(learner, mse="return np.mean((y - y_hat) ** 2) + 7 * len(y)")
    _, (example,) = helps(each, ladder.NAMED)
    failed = next(check for check in each.result.checks if check.expected)
    lines = example.text.splitlines()
    assert lines[1].startswith("y = [")
    assert lines[2].startswith("y_hat = [")
    assert lines[3:] == [
        "# mse(y, y_hat) should be",
        f"#     {failed.expected}",
        "# and yours is",
        f"#     {failed.actual}",
        "```",
    ]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("return 1 / 0", "# mse(y, y_hat): It raised ZeroDivisionError"),
        ("y *= 1.5; return np.mean((y / 1.5 - y_hat) ** 2)", "# mse(y, y_hat) changes y"),
        ("return y[:1, None]", "#     [["),
    ],
)
def test_other_mistakes_are_shown_by_a_call(learner, body, line):
    each = checked(learner, mse=body)
    example = ladder.example("mse", each.result, each.calls)
    assert line in example.text


def test_at_a_kink_no_example_claims_that_one_slope_is_the_right_one():
    """The reference has one subgradient of many: what differs from it may be right."""
    check = ladder.CheckResult(
        "kink", "At the kink.", 1.0, ladder.Verdict.FAILED, "Outside.", "one-sided slope 0", "3"
    )
    result = ladder.TaskResult("mse", 3.0, (check,))
    arguments = (ladder.np.ones(2), ladder.np.zeros(2))
    calls = [("mse", arguments, ladder.Outcome(value=0.5))]
    assert ladder.example("mse", result, calls) is None


def test_then_the_rule_and_then_a_sibling(learner):
    each = checked(learner, mse_grad="return (y - y_hat) ** 3", mse=True)
    each = replace(each, task="mse_grad") if each.task != "mse_grad" else each
    _, third = helps(each, ladder.RULE)
    assert third[-1].title == "The rule: The mean"
    _, fourth = helps(each, ladder.SIBLING)
    assert [help_.title for help_ in fourth[-2:]] == [
        "The rule: The mean",
        "A worked example: the log-cosh loss",
    ]


def test_without_the_course_there_is_no_rule_to_quote(learner):
    each = checked(learner, mse="return 0.0")
    assert ladder.helps(None, "mse", "mse", each.result, ladder.SIBLING) == []
