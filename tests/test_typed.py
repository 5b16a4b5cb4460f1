"""Typed answers: each key is judged and its mistake named, whatever form and the other keys."""

import numpy as np
import pytest

from autograder.checks import CheckFailed
from autograder.expressions import parse
from autograder.hints import name_mistake
from autograder.submission import LocalTransport, Submission
from autograder.typed import (
    expect_antiderivative,
    expect_constant,
    expect_equivalent,
    expect_readable,
)
from solutions.misconceptions import Misconception

X = np.linspace(0.5, 2.0, 9)
ANY = np.linspace(0.7, 1.9, 9)  # a constant of its own for every point


def typed(**texts):
    """A function of a submission that returns these texts."""
    return Submission(LocalTransport({"f": lambda: texts})).f


def failure(expectation, *arguments):
    with pytest.raises(CheckFailed) as caught:
        expectation(*arguments)
    return caught.value


def test_readable_texts_pass():
    expect_readable(typed(a="x**2", b="x + C"), ("a", "b"), ("x", "C"))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (None, "It should return a dict of texts; it returned nothing (None)."),
        (["x"], "It should return a dict of texts; it returned something else."),
        ({"b": "x"}, "The dict lacks the key `a`."),
        ({"a": "x^2"}, "The text of `a` cannot be read: ^ is not a power"),
        ({"a": "x + C"}, "The text of `a` cannot be read: unknown name 'C'"),
    ],
)
def test_unreadable_ones_fail_with_the_reason(answers, reason):
    function = Submission(LocalTransport({"f": lambda: answers})).f
    assert failure(expect_readable, function, ("a",)).reason.startswith(reason)


@pytest.mark.parametrize("text", ["2*x + 2", "2*(x + 1)", "x + x + 2", "(4*x**2 - 4)/(2*x - 2)"])
def test_any_form_of_an_expression_is_right(text):
    expect_equivalent(typed(a=text), "a", parse("2*x + 2"), X + 1e-3)


def test_a_wrong_expression_shows_its_worst_point():
    wrong = failure(expect_equivalent, typed(a="2*x"), "a", parse("x"), X)
    assert wrong.reason == "The expression `a` has wrong values; the worst of 9 points is shown."
    assert (wrong.expected, wrong.actual) == ("2", "4")


@pytest.mark.parametrize("text", ["log(x)", "log(x) + C", "C - 5 + log(abs(x))", "log(C*x)"])
@pytest.mark.parametrize("constant", [1.0, ANY])
def test_any_constant_of_integration_is_right(text, constant):
    expect_antiderivative(typed(a=text), "a", lambda x: 1 / x, X, constant)


@pytest.mark.parametrize("text", ["-1/x**2", "log(2*x) + x", "log(-x)", "log(x)*1.00001", "C"])
def test_another_derivative_is_wrong(text):
    wrong = failure(expect_antiderivative, typed(a=text), "a", lambda x: 1 / x, X)
    assert wrong.reason.startswith("Differentiated, your `a` does not give the integrand;")


def test_a_factor_is_no_constant_of_integration():
    function = typed(a="C*log(x)")
    expect_antiderivative(function, "a", lambda x: 1 / x, X)
    assert failure(expect_antiderivative, function, "a", lambda x: 1 / x, X, ANY)


@pytest.mark.parametrize("text", ["x + C", "x - 2*C", "log(C*x)", "x + C**3"])
def test_a_constant_moves_the_whole_curve(text):
    expect_constant(typed(a=text, b="C"), ("a", "b"), X, 0.8, 1.7)


def test_a_missing_constant_is_named_with_its_keys():
    function = typed(a="x", b="x + C", c="x + 1")
    reason = failure(expect_constant, function, ("a", "b", "c"), X, 0.8, 1.7).reason
    assert reason == "The constant `C` is missing in `a`, `c`."


@pytest.mark.parametrize("text", ["C*x", "(x + C)**2", "log(C - x)"])
def test_one_that_bends_the_curve_is_refused(text):
    reason = failure(expect_constant, typed(a=text, b="x + C"), ("a", "b"), X, 0.8, 1.7).reason
    assert reason.endswith("should move the whole curve up or down; not so in `a`.")


# ---- naming the mistake

RIGHT = {"a": "x**2/2 + C", "b": "sin(x) + C"}
MISTAKES = [
    Misconception("f_half", "f", "a", "The half is missing.", lambda: RIGHT | {"a": "x**2 + C"}),
    Misconception("f_sign", "f", "b", "The sign is wrong.", lambda: RIGHT | {"b": "-sin(x) + C"}),
    Misconception("f_list", "f", "shape", "You return a list.", lambda: ["x"]),
    Misconception("f_no_C", "f", "constant", "No C.", lambda: {"a": "x**2/2", "b": "sin(x)"}),
]


def named(check, expectation, function, *arguments):
    wrong = failure(expectation, function, *arguments)
    log = function.submission.log
    found = name_mistake(MISTAKES, "f", check, log, wrong.seen_as)
    return found and found.name


@pytest.mark.parametrize("text", ["x**2 + C", "x*x", "3 + (x**3 + x**2)/(x + 1)"])
@pytest.mark.parametrize("other", ["sin(x) + C", "-sin(x)", "cos(x)"])
def test_a_mistake_is_named_in_any_form_beside_any_other_answer(text, other):
    function = typed(a=text, b=other)
    assert named("a", expect_antiderivative, function, "a", lambda x: x, X) == "f_half"


def test_a_mistake_in_another_key_is_not_named_here():
    function = typed(a="x**3", b="-sin(x)")
    assert named("a", expect_antiderivative, function, "a", lambda x: x, X) is None


def test_a_missing_constant_is_named_whatever_it_is_missing_from():
    function = typed(a="5*x", b="cos(x)")
    assert named("constant", expect_constant, function, ("a", "b"), X, 0.8, 1.7) == "f_no_C"


def test_a_text_that_cannot_be_read_is_compared_as_it_is():
    function = Submission(LocalTransport({"f": lambda: ["x"]})).f
    assert named("shape", expect_readable, function, ("a", "b")) == "f_list"
