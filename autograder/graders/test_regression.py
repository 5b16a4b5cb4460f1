"""Hidden checks of the unit `regression`."""

import numpy as np

from autograder.checks import (
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_subgradient,
    expect_unmodified,
    expect_values,
)
from solutions import regression as reference


def pairs(rng, sizes=(3, 5, 7)):
    """Draw (y, y_hat) with residuals of both signs, none near the kink at 0.

    Their mean is above 0 in one call and below it in the next: a mean without its absolute value
    shows, and is not the same as the absolute value of the mean.
    """
    calls = []
    for i, n in enumerate(sizes):
        residuals = rng.uniform(0.1, 2.0, size=n) * both_signs(rng, n)
        calls.append(with_residuals(rng, residuals * np.sign(np.sum(residuals)) * (-1) ** i))
    return calls


def both_signs(rng, n):
    """Draw n signs, both of them for n > 1."""
    return rng.permutation(np.resize(rng.permutation([-1.0, 1.0]), n))


def with_residuals(rng, residuals):
    """Draw (y, y_hat) with these residuals, up to rounding, in random order."""
    y = rng.normal(scale=2.0, size=len(residuals))
    return y, y + rng.permutation(residuals)


def with_exact_residuals(rng, residuals):
    """Draw (y, y_hat) with exactly these residuals in random order, if they are 64ths."""
    y = rng.integers(-16, 17, size=len(residuals)) / 4
    return y, y + rng.permutation(residuals)


def kinks(rng):
    """Draw (y, y_hat) with some residuals exactly 0, one call with all of them."""
    signs = both_signs(rng, 4)
    calls = [(*signs[:2], 0.0), (*1.5 * signs, 0.0, 0.0), (0.0, 0.0, 0.0)]
    return [with_exact_residuals(rng, residuals) for residuals in calls]


def huber_pairs(rng, delta=1.0):
    """Draw (y, y_hat) with residuals on both sides of -delta and delta, none near them.

    Two calls have both signs within delta and beyond it, one has small residuals only, one large.
    One residual is larger than N delta, so that dividing by N before comparing shows.
    """
    inside, outside, far = (0.2, 0.8), (1.2, 3.0), (8.0, 9.0)
    calls = []
    for kinds in ((inside, inside, outside, far, outside), (inside, inside, outside, outside)):
        sizes = np.array([rng.uniform(*kind) for kind in kinds])
        signs = np.resize([-1.0, 1.0], len(kinds)) * rng.choice([-1.0, 1.0])
        calls.append(with_residuals(rng, delta * sizes * signs))
    for kind in (inside, outside):
        residuals = delta * rng.uniform(*kind, size=3) * both_signs(rng, 3)
        calls.append(with_residuals(rng, residuals))
    return calls


def other_deltas(rng):
    """Draw (y, y_hat, delta) with deltas well below and well above 1."""
    deltas = (float(rng.uniform(0.3, 0.5)), float(rng.uniform(2.0, 3.0)))
    return [(*pair, delta) for delta in deltas for pair in huber_pairs(rng, delta)[:2]]


def joints(rng):
    """Draw (y, y_hat) with residuals of exactly -1 and 1, the default delta, and close to them."""
    near = 1 / 64
    calls = [(-1.0, 1.0, 0.5), (-1.0 - near, -1.0, 1.0 - near, 1.0, 1.0 + near)]
    return [with_exact_residuals(rng, residuals) for residuals in calls]


def zeros(rng):
    """Draw (y, y_hat) with residuals exactly 0 beside small and large ones."""
    return [with_exact_residuals(rng, residuals) for residuals in ((0.0, 0.5, -2.0), (0.0, 0.0))]


class TestMae:
    task = "mae"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.mae, pairs(rng), reference.mae)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random targets and predictions."""
        expect_values(submission.mae, pairs(rng), reference.mae)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.mae, pairs(rng, sizes=(1, 1)), reference.mae)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.mae, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.mae, pairs(rng))


class TestMaeGrad:
    task = "mae_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `y_hat`."""
        expect_shape(submission.mae_grad, pairs(rng), reference.mae_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right where no residual is near 0."""
        expect_values(submission.mae_grad, pairs(rng), reference.mae_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `mae`."""
        expect_own_gradient(
            submission.mae_grad, submission.mae, pairs(rng), wrt=1, reference=reference.mae_grad
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.mae_grad, pairs(rng, sizes=(1, 1)), reference.mae_grad)

    @check(weight=2, after="gradient")
    def test_kink(self, submission, rng):
        """Where a residual is exactly 0, it returns a subgradient."""
        expect_subgradient(submission.mae_grad, kinks(rng), reference.mae, wrt=1)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.mae_grad, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.mae_grad, pairs(rng))


class TestRmse:
    task = "rmse"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.rmse, pairs(rng), reference.rmse)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random targets and predictions."""
        expect_values(submission.rmse, pairs(rng), reference.rmse)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.rmse, pairs(rng, sizes=(1, 1)), reference.rmse)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.rmse, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.rmse, pairs(rng))


class TestRmseGrad:
    task = "rmse_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `y_hat`."""
        expect_shape(submission.rmse_grad, pairs(rng), reference.rmse_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right at random points."""
        expect_values(submission.rmse_grad, pairs(rng), reference.rmse_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `rmse`."""
        expect_own_gradient(
            submission.rmse_grad, submission.rmse, pairs(rng), wrt=1, reference=reference.rmse_grad
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.rmse_grad, pairs(rng, sizes=(1, 1)), reference.rmse_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.rmse_grad, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.rmse_grad, pairs(rng))


class TestHuber:
    task = "huber"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.huber, huber_pairs(rng), reference.huber)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for small and large residuals of both signs."""
        expect_values(submission.huber, huber_pairs(rng), reference.huber)

    @check(weight=2, after="value")
    def test_parameters(self, submission, rng):
        """The loss is right when `delta` is not 1."""
        expect_values(submission.huber, other_deltas(rng), reference.huber)

    @check(weight=1, after="value")
    def test_joint(self, submission, rng):
        """Where a residual is exactly as large as `delta`, both pieces give one value."""
        expect_values(submission.huber, joints(rng), reference.huber)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.huber, huber_pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.huber, huber_pairs(rng))


class TestHuberGrad:
    task = "huber_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `y_hat`."""
        expect_shape(submission.huber_grad, huber_pairs(rng), reference.huber_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right for small and large residuals of both signs."""
        expect_values(submission.huber_grad, huber_pairs(rng), reference.huber_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `huber`."""
        expect_own_gradient(
            submission.huber_grad,
            submission.huber,
            huber_pairs(rng),
            wrt=1,
            reference=reference.huber_grad,
        )

    @check(weight=2, after="gradient")
    def test_parameters(self, submission, rng):
        """The gradient is right when `delta` is not 1."""
        expect_values(submission.huber_grad, other_deltas(rng), reference.huber_grad)

    @check(weight=1, after="gradient")
    def test_joint(self, submission, rng):
        """Where a residual is exactly as large as `delta`, there is one slope."""
        # No interval here: the loss is smooth, both pieces have the same derivative.
        expect_values(submission.huber_grad, joints(rng), reference.huber_grad)

    @check(weight=1, after="gradient")
    def test_zero_residual(self, submission, rng):
        """Where a residual is exactly 0, the slope is a number and right."""
        expect_values(submission.huber_grad, zeros(rng), reference.huber_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.huber_grad, huber_pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.huber_grad, huber_pairs(rng))
