"""Hidden checks of the unit `antiderivatives`."""

import numpy as np

from autograder.checks import (
    check,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
    fail,
)
from autograder.typed import expect_antiderivative, expect_constant, expect_readable
from solutions import antiderivatives as reference

VARIABLES = ("x", "C")
INTEGRANDS = {
    "power": lambda x: 6 * x**2 - 4 * x + 5,
    "negative": lambda x: 3 / x**2,
    "reciprocal": lambda x: 2 / x,
    "exponential": lambda x: np.exp(3 * x),
    "sine": np.sin,
    "bell": lambda x: x * np.exp(-(x**2)),
    "log_square": lambda x: np.log(x) ** 2 / x,
    "root": lambda x: 1 / (1 + np.sqrt(x)),
    "shifted": lambda x: x * np.sqrt(x + 1),
    "wave": lambda x: x * np.cos(x),
    "log": np.log,
    "twice": lambda x: x**2 * np.exp(x),
}
FORMULA = ("power", "negative", "reciprocal", "exponential", "sine")
# The theory holds for vanishing spacings; at these, 16 becomes some 15 to 17.
ORDER_MARGIN = 0.25
# A slope measured with this step is right to 1e-6 in float64 and to 1e-3 in float32.
STEP = 1e-3
SLOPE_MARGIN = 5e-3


def points(rng):
    """Points where every integrand is defined, with room for the steps of a measured slope."""
    return rng.uniform(0.4, 2.2, size=24)


def expect_formula(submission, key, rng):
    """The student's antiderivative, with C = 1, differentiates to the integrand."""
    # With one value of C, a constant in the wrong place costs the check `constant` only.
    expect_antiderivative(submission.by_formula, key, INTEGRANDS[key], points(rng))


def expect_rule(submission, key, rng):
    """The student's antiderivative differentiates to the integrand, whatever C is."""
    function, constant = submission.by_substitution_and_parts, rng.uniform(0.5, 2.0, size=24)
    expect_antiderivative(function, key, INTEGRANDS[key], points(rng), constant)


def samples(rng, sizes, functions=()):
    """Samples and spacings, once from right to left."""
    signs = [1, -1, 1][: len(sizes)]
    return [
        (rng.normal(size=(size, *functions)), sign * rng.uniform(0.1, 0.6))
        for size, sign in zip(sizes, signs, strict=True)
    ]


def expect_order(function, order, rng):
    """Half the spacing divides the error of an integral by 2 to the power of `order`."""
    rate, start, length = rng.uniform(0.8, 1.6), rng.uniform(-1, 0), rng.uniform(1.5, 2.5)
    exact = (np.exp(rate * (start + length)) - np.exp(rate * start)) / rate
    grids = [np.linspace(start, start + length, intervals + 1) for intervals in (8, 16)]
    calls = [(np.exp(rate * x), x[1] - x[0]) for x in grids]
    expect_shape(function, calls, lambda y, dx: 0.0)
    coarse, fine = (abs(float(value) - exact) for value in function.batch(calls))
    factor = coarse / max(fine, 1e-300)
    if not abs(np.log2(max(factor, 1e-300)) - order) <= ORDER_MARGIN:
        reason = "With half the spacing, the error of an integral does not shrink as it should."
        fail(reason, f"divided by about {2**order}", f"divided by {factor:.3g}")


def residuals(rng, shapes=(4, 5, 6), delta=None):
    """Residuals of both signs inside and outside +-delta, but never near it, and their deltas."""
    calls = []
    for shape in shapes:
        k = rng.permutation(int(np.prod(shape)))
        size = np.where(k % 2, rng.uniform(1.2, 3.0, k.size), rng.uniform(0.1, 0.9, k.size))
        limit = delta or rng.uniform(0.5, 2.0)
        calls.append((np.reshape(limit * size * np.where(k % 4 < 2, 1, -1), shape), limit))
    return calls


def numbers(rng, shapes=(4, 5, 6)):
    """Arrays of numbers of both signs, none of them near 0."""
    calls = []
    for shape in shapes:
        k = rng.permutation(int(np.prod(shape)))
        x = rng.uniform(0.3, 3.0, k.size) * np.where(k % 2, 1, -1)
        calls.append((np.reshape(x, shape),))
    return calls


def extremes(rng):
    """Huge numbers of both signs and ordinary ones in one array."""
    huge = rng.uniform(800, 1200, size=2) * [1, -1]
    return [(rng.permutation([*huge, *rng.uniform(-2, 2, size=3)]),) for _ in range(3)]


def expect_slope(function, calls, slope):
    """Measured entry by entry along its first argument, the slope of the function is `slope`."""
    moved = [(x + h, *rest) for x, *rest in calls for h in (STEP, -STEP)]
    expect_shape(function, moved, lambda x, *rest: x)
    values = [np.asarray(value, dtype=float) for value in function.batch(moved)]
    for right, left, arguments in zip(values[::2], values[1::2], calls, strict=True):
        expected = slope(*arguments)
        with np.errstate(all="ignore"):
            measured = (right - left) / (2 * STEP)
            deviation = np.nan_to_num(np.abs(measured - expected), nan=np.inf)
        if deviation.max() > SLOPE_MARGIN:
            worst = np.argmax(deviation)
            fail(
                "Its slope, measured with small steps, is not the given derivative.",
                f"{expected.flat[worst]:.4g}",
                f"{measured.flat[worst]:.4g}",
            )


class TestByFormula:
    task = "by_formula"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns a dict with the five keys, each with an expression as text."""
        expect_readable(submission.by_formula, FORMULA, VARIABLES)

    @check(weight=2, after="shape")
    def test_power(self, submission, rng):
        """The polynomial's antiderivative, differentiated, gives it back."""
        expect_formula(submission, "power", rng)

    @check(weight=2, after="shape")
    def test_negative(self, submission, rng):
        """That of the negative power, differentiated, gives it back."""
        expect_formula(submission, "negative", rng)

    @check(weight=2, after="shape")
    def test_reciprocal(self, submission, rng):
        """That of the reciprocal, differentiated, gives it back."""
        expect_formula(submission, "reciprocal", rng)

    @check(weight=2, after="shape")
    def test_exponential(self, submission, rng):
        """That of the exponential, differentiated, gives it back."""
        expect_formula(submission, "exponential", rng)

    @check(weight=2, after="shape")
    def test_sine(self, submission, rng):
        """That of the sine, differentiated, gives it back."""
        expect_formula(submission, "sine", rng)

    @check(weight=2, after="shape")
    def test_constant(self, submission, rng):
        """Each of the five stands for all antiderivatives."""
        low, high = rng.uniform(0.5, 1.0), rng.uniform(1.5, 2.0)
        expect_constant(submission.by_formula, FORMULA, points(rng), low, high)


class TestBySubstitutionAndParts:
    task = "by_substitution_and_parts"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns a dict with the seven keys, each with an expression as text."""
        keys = list(reference.by_substitution_and_parts())
        expect_readable(submission.by_substitution_and_parts, keys, VARIABLES)

    @check(weight=2, after="shape")
    def test_bell(self, submission, rng):
        """`bell`, differentiated, gives the integrand."""
        expect_rule(submission, "bell", rng)

    @check(weight=2, after="shape")
    def test_log_square(self, submission, rng):
        """`log_square`, differentiated, gives the integrand."""
        expect_rule(submission, "log_square", rng)

    @check(weight=2, after="shape")
    def test_root(self, submission, rng):
        """`root`, differentiated, gives the integrand."""
        expect_rule(submission, "root", rng)

    @check(weight=2, after="shape")
    def test_shifted(self, submission, rng):
        """`shifted`, differentiated, gives the integrand."""
        expect_rule(submission, "shifted", rng)

    @check(weight=2, after="shape")
    def test_wave(self, submission, rng):
        """`wave`, differentiated, gives the integrand."""
        expect_rule(submission, "wave", rng)

    @check(weight=2, after="shape")
    def test_log(self, submission, rng):
        """`log`, differentiated, gives the integrand."""
        expect_rule(submission, "log", rng)

    @check(weight=2, after="shape")
    def test_twice(self, submission, rng):
        """`twice`, differentiated, gives the integrand."""
        expect_rule(submission, "twice", rng)


class TestTrapezoid:
    task = "trapezoid"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number for the samples of one function."""
        expect_shape(submission.trapezoid, samples(rng, (4, 6)), reference.trapezoid)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The integral is right for random samples and spacings of either sign."""
        expect_values(submission.trapezoid, samples(rng, (4, 5, 7)), reference.trapezoid)

    @check(weight=2, after="shape")
    def test_order(self, submission, rng):
        """Half the spacing divides the error as it should for this rule."""
        expect_order(submission.trapezoid, 2, rng)

    @check(weight=1, after="value")
    def test_two_samples(self, submission, rng):
        """It is right for two samples, a single interval."""
        expect_values(submission.trapezoid, samples(rng, (2, 2)), reference.trapezoid)

    @check(weight=1, after="value")
    def test_columns(self, submission, rng):
        """It is right for the samples of several functions."""
        calls = samples(rng, (4, 5), functions=(3,))
        expect_values(submission.trapezoid, calls, reference.trapezoid)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """Its arguments are left unchanged."""
        expect_unmodified(submission.trapezoid, samples(rng, (4, 5)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.trapezoid, samples(rng, (4, 5)))


class TestSimpson:
    task = "simpson"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number for the samples of one function."""
        expect_shape(submission.simpson, samples(rng, (5, 7)), reference.simpson)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The integral is right for random samples and spacings of either sign."""
        expect_values(submission.simpson, samples(rng, (5, 7, 9)), reference.simpson)

    @check(weight=2, after="shape")
    def test_order(self, submission, rng):
        """Half the spacing divides the error as it should for this rule."""
        expect_order(submission.simpson, 4, rng)

    @check(weight=1, after="value")
    def test_three_samples(self, submission, rng):
        """It is right for three samples, a single parabola."""
        expect_values(submission.simpson, samples(rng, (3, 3)), reference.simpson)

    @check(weight=1, after="value")
    def test_even(self, submission, rng):
        """An even number of samples raises a `ValueError`."""
        for outcome in submission.simpson.outcomes(samples(rng, (4, 6, 8))):
            if outcome.problem != "raised":
                fail(outcome.detail or "It returned a result for an even number of samples.")
            if outcome.error_type != "ValueError":
                fail("It raised another exception.", "ValueError", outcome.error_type)

    @check(weight=1, after="value")
    def test_columns(self, submission, rng):
        """It is right for the samples of several functions."""
        calls = samples(rng, (5, 7), functions=(4,))
        expect_values(submission.simpson, calls, reference.simpson)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """Its arguments are left unchanged."""
        expect_unmodified(submission.simpson, samples(rng, (5, 7)))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.simpson, samples(rng, (5, 7)))


class TestHuberFromClip:
    task = "huber_from_clip"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `r`."""
        expect_shape(submission.huber_from_clip, residuals(rng), reference.huber_from_clip)

    @check(weight=3, after="shape")
    def test_slope(self, submission, rng):
        """Differentiated, it gives the clipped residual."""
        expect_slope(
            submission.huber_from_clip,
            residuals(rng),
            lambda r, delta: np.clip(r, -delta, delta),
        )

    @check(weight=3, after="slope")
    def test_constant(self, submission, rng):
        """The constants of all pieces are right."""
        expect_values(submission.huber_from_clip, residuals(rng), reference.huber_from_clip)

    @check(weight=1, after="constant")
    def test_joint(self, submission, rng):
        """It is right exactly at `delta`, `-delta` and 0."""
        calls = [(np.array([delta, 0.0, -delta, delta / 2]), delta) for delta in (0.5, 1.0, 1.5)]
        expect_values(submission.huber_from_clip, calls, reference.huber_from_clip)

    @check(weight=1, after="constant")
    def test_default(self, submission, rng):
        """Without a given `delta` it is that of the signature."""
        calls = [(r,) for r, _ in residuals(rng, delta=1.0)]
        expect_values(submission.huber_from_clip, calls, reference.huber_from_clip)

    @check(weight=1, after="constant")
    def test_matrix(self, submission, rng):
        """It returns the right matrix for a matrix."""
        calls = residuals(rng, shapes=((2, 3), (3, 4)))
        expect_values(submission.huber_from_clip, calls, reference.huber_from_clip)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """Its arguments are left unchanged."""
        expect_unmodified(submission.huber_from_clip, residuals(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.huber_from_clip, residuals(rng))


class TestLogCoshFromTanh:
    task = "log_cosh_from_tanh"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `r`."""
        expect_shape(submission.log_cosh_from_tanh, numbers(rng), reference.log_cosh_from_tanh)

    @check(weight=3, after="shape")
    def test_slope(self, submission, rng):
        """Differentiated, it gives the hyperbolic tangent."""
        expect_slope(submission.log_cosh_from_tanh, numbers(rng), np.tanh)

    @check(weight=2, after="slope")
    def test_constant(self, submission, rng):
        """The constant is right: the loss is 0 at 0."""
        calls = [*numbers(rng), (np.array([0.0, rng.uniform(0.5, 2)]),)]
        expect_values(submission.log_cosh_from_tanh, calls, reference.log_cosh_from_tanh)

    @check(weight=2, after="constant")
    def test_stability(self, submission, rng):
        """It is right for huge residuals of both signs."""
        calls = extremes(rng)
        expect_values(submission.log_cosh_from_tanh, calls, reference.log_cosh_from_tanh)

    @check(weight=1, after="constant")
    def test_matrix(self, submission, rng):
        """It returns the right matrix for a matrix."""
        calls = numbers(rng, shapes=((2, 3), (3, 4)))
        expect_values(submission.log_cosh_from_tanh, calls, reference.log_cosh_from_tanh)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """Its argument is left unchanged."""
        expect_unmodified(submission.log_cosh_from_tanh, numbers(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same argument gives the same result again."""
        expect_repeatable(submission.log_cosh_from_tanh, numbers(rng))


class TestSoftplusFromSigmoid:
    task = "softplus_from_sigmoid"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `z`."""
        function, expected = submission.softplus_from_sigmoid, reference.softplus_from_sigmoid
        expect_shape(function, numbers(rng), expected)

    @check(weight=3, after="shape")
    def test_slope(self, submission, rng):
        """Differentiated, it gives the sigmoid."""
        expect_slope(submission.softplus_from_sigmoid, numbers(rng), lambda z: 1 / (1 + np.exp(-z)))

    @check(weight=2, after="slope")
    def test_constant(self, submission, rng):
        """The constant is right."""
        function, expected = submission.softplus_from_sigmoid, reference.softplus_from_sigmoid
        expect_values(function, [*numbers(rng), (np.array([0.0, -20.0]),)], expected)

    @check(weight=2, after="constant")
    def test_stability(self, submission, rng):
        """It is right for huge logits of both signs."""
        function, expected = submission.softplus_from_sigmoid, reference.softplus_from_sigmoid
        expect_values(function, extremes(rng), expected)

    @check(weight=1, after="constant")
    def test_matrix(self, submission, rng):
        """It returns the right matrix for a matrix."""
        function, expected = submission.softplus_from_sigmoid, reference.softplus_from_sigmoid
        expect_values(function, numbers(rng, shapes=((2, 3), (3, 4))), expected)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """Its argument is left unchanged."""
        expect_unmodified(submission.softplus_from_sigmoid, numbers(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same argument gives the same result again."""
        expect_repeatable(submission.softplus_from_sigmoid, numbers(rng))
