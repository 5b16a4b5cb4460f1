"""A mistake is named if, and only if, one known wrong answer explains all that was seen."""

import contextlib

import numpy as np
import pytest

from autograder.hints import name_mistake
from autograder.submission import CheckFailed, LocalTransport, Submission
from solutions.misconceptions import Misconception

CALLS = [(np.arange(3.0) + n,) for n in range(4)]


def known(name, function, check="value", task="f"):
    return Misconception(name, task, check, f"This is {name}.", function)


def sign(x):
    return -x


def twice(x):
    return 2 * x


def named(function, misconceptions, calls=CALLS, check="value"):
    """The name of the mistake that explains `function`, or None."""
    student = Submission(LocalTransport({"f": function, "other": abs}))
    for name, arguments in (("other", (-1,)), *(("f", call) for call in calls)):
        with contextlib.suppress(CheckFailed):
            getattr(student, name)(*arguments)
    found = name_mistake(misconceptions, "f", check, student.log)
    return found and found.name


MISTAKES = [known("sign", sign), known("twice", twice)]


def test_a_known_mistake_is_named():
    assert named(lambda x: -1 * x, MISTAKES) == "sign"
    assert named(lambda x: x + x, MISTAKES) == "twice"


def test_an_unknown_mistake_is_not():
    assert named(lambda x: 3 * x, MISTAKES) is None


def test_it_must_explain_every_call():
    assert named(lambda x: -x if x[0] < 2.5 else x, MISTAKES) is None


def test_two_explanations_are_none():
    assert named(sign, [*MISTAKES, known("minus", lambda x: 0 - x)]) is None


def test_those_of_the_failed_check_go_first():
    mistakes = [known("early", sign, check="shape"), known("late", sign, check="value")]
    assert named(sign, mistakes, check="value") == "late"
    assert named(sign, mistakes, check="shape") == "early"
    assert named(sign, mistakes[:1], check="value") == "early"


def test_those_of_other_tasks_do_not_count():
    assert named(sign, [known("foreign", sign, task="other")]) is None


def test_without_a_call_nothing_is_explained():
    assert name_mistake(MISTAKES, "f", "value", []) is None


@pytest.mark.parametrize(
    "same",
    [
        lambda x: (-x).tolist(),
        lambda x: (-x).astype(np.float32),
        lambda x: print("debug") or -x,
        lambda x: -x * (1 + 1e-12),
    ],
)
def test_form_and_printing_do_not_hide_a_mistake(same):
    assert named(same, MISTAKES) == "sign"


@pytest.mark.parametrize(
    "different", [lambda x: -x[:, None], lambda x: tuple(-x), lambda x: -x * (1 + 1e-4)]
)
def test_another_result_is_another_mistake(different):
    assert named(different, MISTAKES) is None


def test_printing_instead_of_returning_is_told_from_forgetting_to_return():
    mistakes = [known("printed", lambda x: print(x)), known("forgotten", lambda x: None)]
    assert named(lambda x: print("result", x), mistakes) == "printed"
    assert named(lambda x: None, mistakes) == "forgotten"


def test_an_exception_is_explained_by_its_type():
    mistakes = [known("keys", lambda x: {}[0]), known("zero", lambda x: 1 / 0)]
    assert named(lambda x: {}["other"], mistakes) == "keys"
    assert named(lambda x: [][0], mistakes) is None


def in_place(x):
    x *= -1
    return x


def test_a_change_in_place_belongs_to_the_mistake():
    mistakes = [known("in_place", in_place), known("sign", sign)]
    assert named(in_place, mistakes) == "in_place"
    assert named(sign, mistakes) == "sign"


@pytest.mark.parametrize(
    "value",
    [None, "text", True, 2**1000, {"a": 1}, np.array([True, False]), {1, 2}, [1, "a", None]],
)
def test_any_result_can_be_compared_with_any_other(value):
    mistakes = [known(str(n), lambda x, v=v: v) for n, v in enumerate([1.0, "a", CALLS, None])]
    mistakes += [known("flags", lambda x: x > 0), known("booleans", lambda x: np.array([True] * 2))]
    assert named(lambda x: value, mistakes) in (None, "3")


def test_only_what_the_check_saw_is_compared():
    student = Submission(LocalTransport({"f": lambda x: (-x, "other")}))
    student.f(CALLS[0][0])
    mistakes = [known("sign", lambda x: (-x, x)), known("twice", lambda x: (2 * x, x))]
    assert name_mistake(mistakes, "f", "value", student.log) is None
    assert name_mistake(mistakes, "f", "value", student.log, lambda pair: pair[0]).name == "sign"


def test_a_call_without_a_result_is_not_looked_at():
    student = Submission(LocalTransport({"f": lambda x: 1 / 0}))
    with contextlib.suppress(CheckFailed):
        student.f(1.0)
    mistakes = [known("zero", lambda x: 1 / 0)]
    assert name_mistake(mistakes, "f", "value", student.log, len).name == "zero"
