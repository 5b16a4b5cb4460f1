"""Hidden checks of the unit `mse`."""

import numpy as np

from autograder.checks import (
    as_numbers,
    check,
    expect_own_gradient,
    expect_repeatable,
    expect_shape,
    expect_unmodified,
    expect_values,
)
from autograder.submission import Function
from solutions import mse as reference


def residuals(rng, n):
    """Draw n residuals away from 0, so that a float32 difference keeps its digits."""
    return np.copysign(rng.uniform(0.5, 2, size=n), rng.normal(size=n))


def pairs(rng, sizes=(3, 5, 7)):
    """Draw targets and predictions, one pair per size."""
    targets = [rng.normal(scale=2, size=n) for n in sizes]
    return [(y, y + residuals(rng, n)) for y, n in zip(targets, sizes, strict=True)]


def regressions(rng, shapes=((5, 2), (4, 3), (7, 2))):
    """Draw (X, y, w, b) for each (N, D), with gradients away from 0 for the same reason."""
    calls = []
    while len(calls) < len(shapes):
        n, d = shapes[len(calls)]
        X, w, b = rng.normal(size=(n, d)), rng.normal(size=d), float(rng.uniform(0.5, 2))
        y = X @ w + b + residuals(rng, n)
        grad_w, grad_b = reference.linear_mse_grad(X, y, w, b)
        if min(np.max(np.abs(grad_w)), abs(grad_b)) > 0.2:
            calls.append((X, y, w, b))
    return calls


class Total(Function):
    """A function that returns one loss per sample, seen as the function that returns their sum.

    The n-th loss depends on the n-th prediction alone: the sum's gradient holds their derivatives.
    """

    def batch(self, calls):
        """Return the sums for many argument sets."""
        values = zip(super().batch(calls), calls, strict=True)
        return [float(np.sum(as_numbers(value, call[0]))) for value, call in values]


class TestSquaredError:
    task = "squared_error"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one error per sample."""
        expect_shape(submission.squared_error, pairs(rng), reference.squared_error)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The errors are right for random targets and predictions."""
        expect_values(submission.squared_error, pairs(rng), reference.squared_error)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        calls = pairs(rng, sizes=(1, 1))
        expect_values(submission.squared_error, calls, reference.squared_error)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.squared_error, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.squared_error, pairs(rng))


class TestSquaredErrorGrad:
    task = "squared_error_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one derivative per sample."""
        expect_shape(submission.squared_error_grad, pairs(rng), reference.squared_error_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The derivatives are right for random targets and predictions."""
        expect_values(submission.squared_error_grad, pairs(rng), reference.squared_error_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `squared_error`, sample by sample."""
        expect_own_gradient(
            submission.squared_error_grad,
            Total("squared_error", submission),
            pairs(rng),
            wrt=1,
            reference=reference.squared_error_grad,
        )

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.squared_error_grad, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.squared_error_grad, pairs(rng))


class TestMse:
    task = "mse"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns one number."""
        expect_shape(submission.mse, pairs(rng), reference.mse)

    @check(weight=4, after="shape")
    def test_value(self, submission, rng):
        """The loss is right for random targets and predictions."""
        expect_values(submission.mse, pairs(rng), reference.mse)

    @check(weight=1, after="value")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.mse, pairs(rng, sizes=(1, 1)), reference.mse)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.mse, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.mse, pairs(rng))


class TestMseGrad:
    task = "mse_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns an array of the shape of `y_hat`."""
        expect_shape(submission.mse_grad, pairs(rng), reference.mse_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """The gradient is right at random points."""
        expect_values(submission.mse_grad, pairs(rng), reference.mse_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """It is the derivative of your own `mse`."""
        expect_own_gradient(
            submission.mse_grad, submission.mse, pairs(rng), wrt=1, reference=reference.mse_grad
        )

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        expect_values(submission.mse_grad, pairs(rng, sizes=(1, 1)), reference.mse_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves `y` and `y_hat` unchanged."""
        expect_unmodified(submission.mse_grad, pairs(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.mse_grad, pairs(rng))


class TestLinearMseGrad:
    task = "linear_mse_grad"

    @check(weight=1)
    def test_shape(self, submission, rng):
        """It returns two values: an array of the shape of `w`, and one number."""
        expect_shape(submission.linear_mse_grad, regressions(rng), reference.linear_mse_grad)

    @check(weight=4, after="shape")
    def test_gradient(self, submission, rng):
        """Both gradients are right for random data and parameters."""
        expect_values(submission.linear_mse_grad, regressions(rng), reference.linear_mse_grad)

    @check(weight=1, after="shape")
    def test_own_loss(self, submission, rng):
        """They are the derivatives of your own `mse` of the model's predictions."""
        expect_own_gradient(
            submission.linear_mse_grad,
            submission.mse,
            regressions(rng),
            wrt=(2, 3),
            reference=reference.linear_mse_grad,
            loss_arguments=lambda X, y, w, b: (y, X @ w + b),
        )

    @check(weight=1, after="gradient")
    def test_single_feature(self, submission, rng):
        """It works for a model with one feature, D = 1."""
        calls = regressions(rng, shapes=((4, 1), (6, 1)))
        expect_values(submission.linear_mse_grad, calls, reference.linear_mse_grad)

    @check(weight=1, after="gradient")
    def test_single_sample(self, submission, rng):
        """It works for a single sample, N = 1."""
        calls = regressions(rng, shapes=((1, 2), (1, 3)))
        expect_values(submission.linear_mse_grad, calls, reference.linear_mse_grad)

    @check(weight=1, after="shape")
    def test_purity(self, submission, rng):
        """It leaves the data and the parameters unchanged."""
        expect_unmodified(submission.linear_mse_grad, regressions(rng))

    @check(weight=1, after="shape")
    def test_repeatable(self, submission, rng):
        """It gives the same result when called again."""
        expect_repeatable(submission.linear_mse_grad, regressions(rng))
