"""What a grader may assert about answers typed as text: a dict of expressions, judged key by key.

A mistake in one key is named whatever the other keys hold, and in whatever form it was typed: a
failed check says how it saw the answers, and the known mistakes are looked at in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.checks import CheckFailed, fail
from autograder.expressions import Expression, ExpressionError, agree, parse, slope
from autograder.submission import Function

CONSTANT = "C"  # how a constant of integration is typed
SLOPE_RTOL = 1e-6  # measured slopes are right to some nine digits


def expect_readable(
    function: Function, keys: Sequence[str], variables: tuple[str, ...] = ("x",)
) -> None:
    """The function returns a dict with an expression in `variables` under each of the keys."""
    answers = function()
    for key in keys:
        _expression(answers, key, variables)


def expect_equivalent(function: Function, key: str, right: Expression, x: np.ndarray) -> None:
    """The expression under `key` has the values of the expression `right` at the points `x`."""

    def look(answers):
        return _expression(answers, key, ("x",))(x)

    _expect_agreement(f"The expression `{key}` has wrong values", look, function(), right(x))


def expect_antiderivative(
    function: Function,
    key: str,
    integrand: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    constant: float | np.ndarray = 1.0,
) -> None:
    """The expression under `key`, in x and C, differentiates to the integrand at the points `x`.

    Any constant will do. `constant` is the value of C, or one for each point.
    """

    def look(answers):
        return slope(_expression(answers, key, ("x", CONSTANT)), x, constant)

    reason = f"Differentiated, your `{key}` does not give the integrand"
    _expect_agreement(reason, look, function(), integrand(x), rtol=SLOPE_RTOL)


def expect_constant(
    function: Function, keys: Sequence[str], x: np.ndarray, low: float, high: float
) -> None:
    """Every expression moves up or down as a whole when C goes from `low` to `high`."""

    def look(answers):
        shifts = {}
        for key in keys:
            expression = _expression(answers, key, ("x", CONSTANT))
            with np.errstate(invalid="ignore"):
                shifts[key] = expression(x, high) - expression(x, low)
        return shifts

    shifts = look(function())
    seen_as = _tolerant(look)
    without = [f"`{key}`" for key, shift in shifts.items() if not shift.any()]
    if without:
        fail(f"The constant `{CONSTANT}` is missing in {', '.join(without)}.", seen_as=seen_as)
    uneven = [
        f"`{key}`"
        for key, shift in shifts.items()
        if not agree(shift, np.full_like(shift, np.median(shift)), rtol=SLOPE_RTOL)
    ]
    if uneven:
        reason = f"Another value of `{CONSTANT}` should move the whole curve up or down; not so in "
        fail(f"{reason}{', '.join(uneven)}.", seen_as=seen_as)


def _expect_agreement(reason, look, answers, expected, rtol=1e-7):
    actual = look(answers)
    if agree(actual, expected, rtol=rtol):
        return
    deviation = np.nan_to_num(np.abs(actual - expected), nan=np.inf)
    worst = int(np.argmax(deviation))
    fail(
        f"{reason}; the worst of {deviation.size} points is shown.",
        f"{expected[worst]:.6g}",
        f"{actual[worst]:.6g}",
        _tolerant(look),
    )


def _tolerant(look):
    """The same look, which sees None where there is nothing to look at."""

    def seen_as(answers):
        try:
            return look(answers)
        except CheckFailed:
            return None

    return seen_as


def _expression(answers, key, variables) -> Expression:
    """Return the expression under `key` of what a student's function returned."""
    if not isinstance(answers, dict):
        kind = "nothing (None)" if answers is None else "something else"
        fail(f"It should return a dict of texts; it returned {kind}.")
    if key not in answers:
        fail(f"The dict lacks the key `{key}`.")
    try:
        return parse(answers[key], variables)
    except ExpressionError as error:
        fail(f"The text of `{key}` cannot be read: {error}")
