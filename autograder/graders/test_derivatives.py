"""Hidden checks of the unit `derivatives`."""

from autograder.checks import (
    check,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
)
from autograder.expressions import parse
from autograder.typed import expect_equivalent, expect_readable
from autograder.wire import Formula
from solutions import derivatives as reference

# Measured slopes with any sensible step agree to three digits, ones with a bad step do not.
STEP_RTOL = 1e-3


def curves(rng):
    """Functions of one number that curve, so that one-sided and two-sided steps differ."""
    a, b, c = rng.uniform(0.6, 1.4, size=3).round(3)
    return [
        Formula(f"{a} * np.exp({b} * x) + {c} * x"),
        Formula(f"np.sin({a} * x + {b}) - {c} * x**3"),
        Formula(f"{a} / ({b} + x**2) + {c}"),
        Formula(f"{a} * x**3 + {b} * x**2 - {c}"),
    ]


def slopes(rng):
    """Points and steps (large enough that every formula gives its own value) for some curves."""
    return [(f, rng.uniform(0.4, 1.6), rng.uniform(0.05, 0.2)) for f in curves(rng)]


def steep_curves(rng):
    """Curves with slopes of at least 0.2, and points, without a step."""
    a, b, c = rng.uniform(0.6, 1.4, size=3).round(3)
    formulas = [f"{a} * np.exp({b} * x) + {c} * x", f"{a} * x**3 + {b} * x", f"{c} * np.log(x) + x"]
    return [(Formula(formula), rng.uniform(0.4, 1.6)) for formula in formulas]


def fields(rng, shapes):
    """Functions of an array whose entries interact, points of the given shapes, and steps."""
    calls = []
    for shape in shapes:
        a, b = rng.uniform(0.6, 1.4, size=2).round(3)
        formula = Formula(f"np.sin({a} * np.sum(x)) + {b} * np.sum(np.exp(x) + x**3)")
        calls.append((formula, rng.uniform(-1.0, 1.0, size=shape), rng.uniform(0.05, 0.2)))
    return calls


def without_step(calls):
    """The same calls with the step left to its default."""
    return [(f, x) for f, x, _ in calls]


def nearly_equal(rng, shape, sign):
    """Two arrays of entries of many sizes; those of the second are larger (sign 1) or smaller."""
    a = rng.choice([-1.0, 1.0], size=shape) * 10 ** rng.uniform(-2, 2, size=shape)
    return a, a * (1 + sign * rng.uniform(0.05, 0.6, size=shape))


def alike(rng, shapes=(3, 4, 5, 6)):
    """Pairs of arrays, with the larger entries once on either side."""
    return [nearly_equal(rng, shape, sign) for shape in shapes for sign in (-1, 1)]


def samples(rng, count=6):
    """Inputs, weights, biases and targets of a line."""
    return [tuple(map(float, rng.normal(size=4))) for _ in range(count)]


def expect_derivative(submission, key, rng):
    """The student's expression for `key` has the values of the reference's at random points."""
    right = parse(reference.symbolic_derivatives()[key])
    points = rng.uniform(-1.2, 2.0, size=24)
    expect_equivalent(submission.symbolic_derivatives, key, right, points)


class TestForwardDifference:
    task = "forward_difference"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.forward_difference, slopes(rng), reference.forward_difference)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The slope is right for several functions, points and steps."""
        expect_values(submission.forward_difference, slopes(rng), reference.forward_difference)

    @check(weight=1, after="value")
    def test_default_step(self, submission, rng):
        """Without a given step the slope is right to three digits."""
        calls = steep_curves(rng)
        expected = reference.forward_difference
        expect_values(submission.forward_difference, calls, expected, rtol=STEP_RTOL)

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.forward_difference, slopes(rng))


class TestCentralDifference:
    task = "central_difference"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.central_difference, slopes(rng), reference.central_difference)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The slope is right for several functions, points and steps."""
        expect_values(submission.central_difference, slopes(rng), reference.central_difference)

    @check(weight=1, after="value")
    def test_default_step(self, submission, rng):
        """Without a given step the slope is right to three digits."""
        calls = steep_curves(rng)
        expected = reference.central_difference
        expect_values(submission.central_difference, calls, expected, rtol=STEP_RTOL)

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.central_difference, slopes(rng))


class TestNumericalGradient:
    task = "numerical_gradient"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of the vector `x`."""
        calls = fields(rng, (3, 4, 5))
        expect_shape(submission.numerical_gradient, calls, reference.numerical_gradient)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right for vectors and several steps."""
        calls = fields(rng, (3, 5, 7))
        expect_values(submission.numerical_gradient, calls, reference.numerical_gradient)

    @check(weight=1, after="gradient")
    def test_single_entry(self, submission, rng):
        """It is right for a vector with one entry."""
        calls = fields(rng, (1, 1))
        expect_values(submission.numerical_gradient, calls, reference.numerical_gradient)

    @check(weight=2, after="gradient")
    def test_any_shape(self, submission, rng):
        """It is right for matrices and arrays with three axes."""
        calls = fields(rng, ((2, 3), (4, 2), (2, 3, 2)))
        expect_values(submission.numerical_gradient, calls, reference.numerical_gradient)

    @check(weight=1, after="gradient")
    def test_default_step(self, submission, rng):
        """Without a given step the gradient is right to three digits."""
        calls = without_step(fields(rng, (3, 5)))
        expected = reference.numerical_gradient
        expect_values(submission.numerical_gradient, calls, expected, rtol=STEP_RTOL)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """Afterwards `x` holds exactly what it held before."""
        # Many entries: stepping back by subtraction restores each of them only by chance.
        expect_unmodified(submission.numerical_gradient, without_step(fields(rng, (30, 40))))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.numerical_gradient, fields(rng, (3, 4)))


class TestRelativeError:
    task = "relative_error"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number for two vectors."""
        expect_shape(submission.relative_error, alike(rng), reference.relative_error)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The value is right for entries of very different sizes and both signs."""
        a, b = nearly_equal(rng, 5, 1)
        opposite = (a, -b)
        expect_values(submission.relative_error, [*alike(rng), opposite], reference.relative_error)

    @check(weight=1, after="value")
    def test_identical(self, submission, rng):
        """Identical arrays have the error 0."""
        calls = [(a, a.copy()) for a in (rng.normal(size=4), rng.normal(size=(2, 3)))]
        expect_values(submission.relative_error, calls, reference.relative_error)

    @check(weight=2, after="value")
    def test_zeros(self, submission, rng):
        """Entries that are zero in both arrays do no harm."""
        calls = alike(rng, shapes=(4, 5))
        for a, b in calls:
            a[1] = b[1] = 0.0
        expect_values(submission.relative_error, calls, reference.relative_error)

    @check(weight=1, after=("value", "zeros"))
    def test_tiny(self, submission, rng):
        """Entries smaller than 1e-8 are compared as the formula says."""
        # Below 1e-8 every deviation is smaller than the usual absolute tolerance.
        a, b = rng.uniform(2e-9, 4e-9, size=(2, 4))
        calls = [(a, a + b), (-a, b)]
        expect_values(submission.relative_error, calls, reference.relative_error)

    @check(weight=1, after="value")
    def test_matrix(self, submission, rng):
        """It returns one right number for two matrices."""
        calls = alike(rng, shapes=((2, 3), (4, 2)))
        expect_values(submission.relative_error, calls, reference.relative_error)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """Its arguments are left unchanged."""
        expect_unmodified(submission.relative_error, alike(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.relative_error, alike(rng))


class TestLinearChain:
    task = "linear_chain"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns two numbers."""
        expect_shape(submission.linear_chain, samples(rng), reference.linear_chain)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """Both derivatives are right at random points."""
        expect_values(submission.linear_chain, samples(rng), reference.linear_chain)

    @check(weight=1, after="gradient")
    def test_exact_fit(self, submission, rng):
        """Both derivatives are zero where the line meets the target."""
        calls = [(x, w, b, w * x + b) for x, w, b, _ in samples(rng, 3)]
        expect_values(submission.linear_chain, calls, reference.linear_chain)

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """The same arguments give the same result again."""
        expect_repeatable(submission.linear_chain, samples(rng))


class TestSymbolicDerivatives:
    task = "symbolic_derivatives"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns a dict with the five keys, each with an expression as text."""
        expect_readable(submission.symbolic_derivatives, list(reference.symbolic_derivatives()))

    @check(weight=2, after="shape")
    def test_power(self, submission, rng):
        """The derivative of the polynomial is right at random points."""
        expect_derivative(submission, "power", rng)

    @check(weight=2, after="shape")
    def test_product(self, submission, rng):
        """The derivative of the product is right at random points."""
        expect_derivative(submission, "product", rng)

    @check(weight=2, after="shape")
    def test_chain(self, submission, rng):
        """The derivative of the power of a sum is right at random points."""
        expect_derivative(submission, "chain", rng)

    @check(weight=2, after="shape")
    def test_log(self, submission, rng):
        """The derivative of the logarithm is right at random points."""
        expect_derivative(submission, "log", rng)

    @check(weight=2, after="shape")
    def test_exponential(self, submission, rng):
        """The derivative of the exponential is right at random points."""
        expect_derivative(submission, "exponential", rng)
