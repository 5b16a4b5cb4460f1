"""Hidden checks of the unit `optimizers`.

Steps are graded in sequences: what a student's function returns is what its next call gets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checks import (
    CheckFailed,
    as_numbers,
    check,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
)
from autograder.submission import Function
from solutions import optimizers as reference

STEPS = 4
VECTORS = ((3,), (5,))
SHAPES = ((2, 3), (4, 1), (2, 3, 2), (1,))


@dataclass(frozen=True)
class Rule:
    """How an optimizer is called: the names of weights and state, and whether it counts steps."""

    names: tuple[str, ...]
    counts: bool = False

    def call(self, state: tuple, gradient: np.ndarray, t: int, settings: tuple) -> tuple:
        """Return the arguments of step t from a state, weights first."""
        number = (t,) if self.counts else ()
        return (state[0], gradient, *state[1:], *number, *settings)


@dataclass(frozen=True)
class Run:
    """Weights and state to start from, the gradients that come, and per step what ends the call."""

    start: tuple
    gradients: Sequence[np.ndarray]
    settings: Sequence[tuple]


@dataclass(frozen=True)
class Returned:
    """Values that were returned already, in the place of the function that returned them."""

    values: list

    def batch(self, calls: Sequence[tuple]) -> list:
        """Return the values, one per call."""
        return self.values


SGD = Rule(("w",))
MOMENTUM = Rule(("w", "v"))
RMSPROP = Rule(("w", "s"))
ADAM = Rule(("w", "m", "v"), counts=True)


def expect_path(function: Function, runs: Sequence[Run], correct: Callable, rule: Rule) -> None:
    """The function's steps, each from its own results, give the path of the right ones.

    All runs take a step in one message. The path is walked to its end even after a wrong step: the
    later steps tell mistakes apart that look alike at the first.
    """
    states = paths = [run.start for run in runs]
    failure = None
    for t in range(1, STEPS + 1):
        ends = [(run.gradients[t - 1], t, run.settings[t - 1]) for run in runs]
        calls = [rule.call(path, *end) for path, end in zip(paths, ends, strict=True)]
        expected = [correct(*call) for call in calls]
        calls = [rule.call(state, *end) for state, end in zip(states, ends, strict=True)]
        values = zip(function.batch(calls), expected, strict=True)
        states = [_parts(as_numbers(value, wanted)) for value, wanted in values]
        paths = [_parts(wanted) for wanted in expected]
        failure = failure or _failure(states, paths, t, rule)
    if failure:
        raise failure


def _failure(states, paths, t, rule) -> CheckFailed | None:
    # The state before the weights: if both are wrong, the state is why.
    for i in (*range(1, len(rule.names)), 0):
        try:
            expect_values(
                Returned([state[i] for state in states]), states, [path[i] for path in paths]
            )
        except CheckFailed as wrong:
            where = f"Step {t} of {STEPS}, `{rule.names[i]}`:"
            return CheckFailed(f"{where} {wrong.reason}", wrong.expected, wrong.actual)
    return None


def _parts(value) -> tuple:
    return value if isinstance(value, tuple) else (value,)


# ---- what is drawn


def gradient(rng, shape):
    """Draw a gradient with entries away from 0, where eps would decide."""
    return rng.uniform(0.3, 2, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def start(rng, shape, rule):
    """Draw weights, with the state of all zeros that a first step gets."""
    return (rng.normal(size=shape), *(np.zeros(shape) for _ in rule.names[1:]))


def runs(rng, rule, settings, shapes=VECTORS):
    """Draw one run from the start per shape, with `settings()` for all of its steps."""
    return [
        Run(start(rng, shape, rule), [gradient(rng, shape) for _ in range(STEPS)], [ends] * STEPS)
        for shape, ends in ((shape, settings()) for shape in shapes)
    ]


def steps(rng, rule, settings, shapes=VECTORS):
    """Draw the arguments of one step per shape, from the middle of a run."""
    calls = []
    for shape in shapes:
        state = [rng.normal(size=shape) for _ in rule.names]
        if rule in (RMSPROP, ADAM):  # the last of the state is a mean of squares
            state[-1] = rng.uniform(0.2, 2, size=shape)
        calls.append(
            rule.call(tuple(state), gradient(rng, shape), int(rng.integers(2, 7)), settings())
        )
    return calls


def first_steps_with_zeros(rng, rule, settings, shapes=VECTORS):
    """Draw the arguments of a first step at which the gradient of the first weight is 0."""
    calls = []
    for shape in shapes:
        zero_first = gradient(rng, shape) * (np.arange(shape[0]) > 0)
        calls.append(rule.call(start(rng, shape, rule), zero_first, 1, settings()))
    return calls


def rate(rng):
    """Draw a learning rate, large enough for a wrong step to show beside the weights."""
    return float(rng.uniform(0.1, 0.6))


def share(rng):
    """Draw a beta that is far from the usual ones."""
    return float(rng.uniform(0.3, 0.7))


class TestSgdStep:
    task = "sgd_step"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `w`."""
        expect_shape(submission.sgd_step, steps(rng, SGD, lambda: (rate(rng),)), reference.sgd_step)

    @check(weight=4, after="shape")
    def test_sequence(self, submission, rng):
        """Several steps in a row lead where they should."""
        drawn = runs(rng, SGD, lambda: (rate(rng),))
        expect_path(submission.sgd_step, drawn, reference.sgd_step, SGD)

    @check(weight=1, after="sequence")
    def test_any_shape(self, submission, rng):
        """It works for weights of any shape, such as a matrix."""
        calls = steps(rng, SGD, lambda: (rate(rng),), SHAPES)
        expect_values(submission.sgd_step, calls, reference.sgd_step)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `w` and `grad` unchanged."""
        expect_unmodified(submission.sgd_step, steps(rng, SGD, lambda: (rate(rng),)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.sgd_step, steps(rng, SGD, lambda: (rate(rng),)))


class TestMomentumStep:
    task = "momentum_step"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns two arrays of the shape of `w`."""
        calls = steps(rng, MOMENTUM, lambda: (rate(rng),))
        expect_shape(submission.momentum_step, calls, reference.momentum_step)

    @check(weight=4, after="shape")
    def test_sequence(self, submission, rng):
        """Several steps in a row, each from your own results, lead where they should."""
        drawn = runs(rng, MOMENTUM, lambda: (rate(rng),))
        expect_path(submission.momentum_step, drawn, reference.momentum_step, MOMENTUM)

    @check(weight=1, after="sequence")
    def test_parameters(self, submission, rng):
        """It works for other values of `beta`, and when `lr` changes on the way."""
        drawn = runs(rng, MOMENTUM, lambda: (rate(rng), share(rng)))
        drawn = [
            Run(run.start, run.gradients, [(rate(rng), beta) for _, beta in run.settings])
            for run in drawn
        ]
        expect_path(submission.momentum_step, drawn, reference.momentum_step, MOMENTUM)

    @check(weight=1, after="sequence")
    def test_any_shape(self, submission, rng):
        """It works for weights of any shape, such as a matrix."""
        calls = steps(rng, MOMENTUM, lambda: (rate(rng),), SHAPES)
        expect_values(submission.momentum_step, calls, reference.momentum_step)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `w`, `grad` and `v` unchanged."""
        expect_unmodified(submission.momentum_step, steps(rng, MOMENTUM, lambda: (rate(rng),)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.momentum_step, steps(rng, MOMENTUM, lambda: (rate(rng),)))


class TestRmspropStep:
    task = "rmsprop_step"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns two arrays of the shape of `w`."""
        calls = steps(rng, RMSPROP, lambda: (rate(rng),))
        expect_shape(submission.rmsprop_step, calls, reference.rmsprop_step)

    @check(weight=4, after="shape")
    def test_sequence(self, submission, rng):
        """Several steps in a row, each from your own results, lead where they should."""
        drawn = runs(rng, RMSPROP, lambda: (rate(rng),))
        expect_path(submission.rmsprop_step, drawn, reference.rmsprop_step, RMSPROP)

    @check(weight=1, after="sequence")
    def test_parameters(self, submission, rng):
        """It works for other values of `beta`."""
        drawn = runs(rng, RMSPROP, lambda: (rate(rng), share(rng)))
        expect_path(submission.rmsprop_step, drawn, reference.rmsprop_step, RMSPROP)

    @check(weight=1, after="sequence")
    def test_zeros(self, submission, rng):
        """A weight that never had a gradient stays where it is."""
        calls = first_steps_with_zeros(rng, RMSPROP, lambda: (rate(rng),))
        expect_values(submission.rmsprop_step, calls, reference.rmsprop_step)

    @check(weight=2, after="zeros")
    def test_epsilon(self, submission, rng):
        """A large `eps` acts where the formula has it."""
        calls = steps(rng, RMSPROP, lambda: (rate(rng), 0.9, float(rng.uniform(0.2, 1))))
        expect_values(submission.rmsprop_step, calls, reference.rmsprop_step)

    @check(weight=1, after="sequence")
    def test_any_shape(self, submission, rng):
        """It works for weights of any shape, such as a matrix."""
        calls = steps(rng, RMSPROP, lambda: (rate(rng),), SHAPES)
        expect_values(submission.rmsprop_step, calls, reference.rmsprop_step)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `w`, `grad` and `s` unchanged."""
        expect_unmodified(submission.rmsprop_step, steps(rng, RMSPROP, lambda: (rate(rng),)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.rmsprop_step, steps(rng, RMSPROP, lambda: (rate(rng),)))


class TestAdamStep:
    task = "adam_step"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns three arrays of the shape of `w`."""
        calls = steps(rng, ADAM, lambda: (rate(rng),))
        expect_shape(submission.adam_step, calls, reference.adam_step)

    @check(weight=4, after="shape")
    def test_sequence(self, submission, rng):
        """Several steps in a row, each from your own results, lead where they should."""
        drawn = runs(rng, ADAM, lambda: (rate(rng),))
        expect_path(submission.adam_step, drawn, reference.adam_step, ADAM)

    @check(weight=1, after="sequence")
    def test_parameters(self, submission, rng):
        """It works for other values of `beta1` and `beta2`, and with all defaults."""
        others = runs(rng, ADAM, lambda: (rate(rng), share(rng), float(rng.uniform(0.75, 0.95))))
        (usual,) = runs(rng, ADAM, lambda: (), shapes=((4,),))
        # Small weights: the default step of 0.001 must show beside them.
        usual = Run((usual.start[0] / 100, *usual.start[1:]), usual.gradients, usual.settings)
        expect_path(submission.adam_step, [*others, usual], reference.adam_step, ADAM)

    @check(weight=1, after="sequence")
    def test_zeros(self, submission, rng):
        """A weight that never had a gradient stays where it is."""
        calls = first_steps_with_zeros(rng, ADAM, lambda: (rate(rng),))
        expect_values(submission.adam_step, calls, reference.adam_step)

    @check(weight=2, after="zeros")
    def test_epsilon(self, submission, rng):
        """A large `eps` acts where the formula has it."""
        calls = steps(rng, ADAM, lambda: (rate(rng), 0.9, 0.999, float(rng.uniform(0.2, 1))))
        # A mean of squares of a few steps is small; the one that is corrected for it is not.
        calls = [(w, g, m, v * (1 - 0.999**t), t, *ends) for w, g, m, v, t, *ends in calls]
        expect_values(submission.adam_step, calls, reference.adam_step)

    @check(weight=1, after="sequence")
    def test_any_shape(self, submission, rng):
        """It works for weights of any shape, such as a matrix."""
        calls = steps(rng, ADAM, lambda: (rate(rng),), SHAPES)
        expect_values(submission.adam_step, calls, reference.adam_step)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `w`, `grad`, `m` and `v` unchanged."""
        expect_unmodified(submission.adam_step, steps(rng, ADAM, lambda: (rate(rng),)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.adam_step, steps(rng, ADAM, lambda: (rate(rng),)))
