"""Hidden checks of the unit `UNIT`."""

from autograder.checks import (
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
)
from solutions import UNIT as reference


def pairs(rng, sizes=(3, 5, 7)):
    """Draw targets and predictions, one pair per size; none of them is nearly right."""
    calls = []
    for n in sizes:
        y = rng.normal(scale=2, size=n)
        residuals = rng.uniform(0.5, 2, size=n) * rng.choice([-1.0, 1.0], size=n)
        calls.append((y, y + residuals))
    return calls


class TestLoss:
    task = "UNIT"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.UNIT, pairs(rng), reference.UNIT)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random targets and predictions."""
        expect_values(submission.UNIT, pairs(rng), reference.UNIT)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        calls = pairs(rng, sizes=(1, 1))
        expect_values(submission.UNIT, calls, reference.UNIT)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.UNIT, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.UNIT, pairs(rng))


class TestGradient:
    task = "UNIT_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `y_hat`."""
        calls = pairs(rng)
        expect_shape(submission.UNIT_grad, calls, reference.UNIT_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right at random points."""
        calls = pairs(rng)
        expect_values(submission.UNIT_grad, calls, reference.UNIT_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own loss."""
        expect_own_gradient(
            submission.UNIT_grad,
            submission.UNIT,
            pairs(rng),
            wrt=1,
            reference=reference.UNIT_grad,
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        calls = pairs(rng, sizes=(1, 1))
        expect_values(submission.UNIT_grad, calls, reference.UNIT_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.UNIT_grad, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.UNIT_grad, pairs(rng))
